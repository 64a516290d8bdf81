"""Entries of renewals on shared pages: home page, agents' menu, « Ma journée », personal data."""

from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext

from participation.renouvellement import oubli
from participation.renouvellement.candidatures.actes import PapierForm, saisir_candidature
from participation.renouvellement.effacement import effacer_candidatures
from participation.renouvellement.models import Campagne, CollegeCampagne
from participation.renouvellement.models.campagne import CANDIDATURES
from participation.renouvellement.workflow import Eligibilite, EtatCampagne, EtatCandidature
from participation.socle import langues
from participation.socle.bd.sondes import Rangee
from participation.socle.francais import accorder
from participation.socle.journee import AttenteLue, SectionJournee, Tache
from participation.socle.lectures.conservation import Delai, DemarcheEntiere, Elimination, Lot, Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    Cherchable,
    Demarche,
    EntreeBureau,
    GenreDePapier,
    Ouvert,
    PageDuPlan,
    Porte,
    Reglage,
    SectionAccueil,
    Trouve,
    jours_restants,
)


def section_accueil() -> list[SectionAccueil]:
    """Return one section per open call, in the colour of the app of its instance."""
    appels = Campagne.objects.filter(etat=EtatCampagne.OUVERTE).select_related("instance")
    return [_section(campagne) for campagne in appels if campagne.recoit()]


def _section(campagne: Campagne) -> SectionAccueil:
    url = campagne.get_public_url()
    jours = (campagne.cloture - timezone.localdate()).days
    return SectionAccueil(
        app=campagne.instance.app,
        portes=[
            Porte(
                format_html(gettext("Rejoindre {instance}"), instance=langues.ecrit(campagne.denomination)),
                url,
                gettext("L’appel à candidatures est ouvert."),
                "personnes",
            )
        ],
        ouverts=[
            Ouvert(
                genre=gettext("Appel à candidatures"),
                quand=jours_restants(jours),
                titre=langues.ecrit(campagne.titre),
                url=url,
                phrase=gettext("Candidatures jusqu’au %(jour)s.") % {"jour": langues.jour(campagne.cloture)},
                fin=campagne.cloture,
            )
        ],
    )


def section_journee(compte: Compte) -> SectionJournee | None:
    """Candidatures to check, one entry per campaign, the oldest first."""
    if not compte.est_agent:
        return None
    return SectionJournee("candidatures", "Candidatures", [AttenteLue(_a_verifier, _verifier)])


def _a_verifier() -> Any:
    a_verifier = Q(
        candidatures__etat=EtatCandidature.DEPOSEE, candidatures__eligibilite=Eligibilite.A_VERIFIER
    )
    return (
        Campagne.objects.filter(a_verifier)
        .values("pk", "titre", "instance__app")
        .annotate(nombre=Count("candidatures"), depuis=Min("candidatures__deposee_le"))
        .order_by("depuis")
    )


def _verifier(campagnes: list[Rangee]) -> list[Tache]:
    return [
        Tache(
            quoi=f"Vérifier {accorder(ligne['nombre'], 'candidature')}",
            url=f"{reverse('renouvellement:candidatures', args=[ligne['pk']])}"
            f"?eligibilite={Eligibilite.A_VERIFIER}&etat={EtatCandidature.DEPOSEE}",
            bouton="Vérifier",
            sur_quoi=ligne["titre"],
            genre="Renouvellement",
            app=ligne["instance__app"],
            depuis=ligne["depuis"],
        )
        for ligne in campagnes
    ]


def demarches(annee: int) -> list[Demarche]:
    """The calls of the year: who confirmed a candidature and did not take it back."""
    posees = Q(candidatures__etat=EtatCandidature.DEPOSEE)
    appels = (
        Campagne.objects.publiques()
        .filter(ouverture__year__lte=annee, cloture__year__gte=annee)
        .select_related("instance")
        .annotate(posees=Count("candidatures", filter=posees))
        .filter(posees__gt=0)
        .order_by("pk")
    )
    return [
        Demarche("candidature", c.pk, "Appel à candidatures", c.titre, c.get_public_url(), vars(c)["posees"])
        for c in appels
    ]


def plan_du_site() -> list[PageDuPlan]:
    return [PageDuPlan(c.get_public_url()) for c in Campagne.objects.publiques().select_related("instance")]


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    if not compte.est_agent:
        return None
    return EntreeBureau("Renouvellements", reverse("renouvellement:campagnes"), icone="main")


def _delais() -> list[Delai]:
    """The delay of the last call of each instance."""
    appels = Campagne.objects.publiques().select_related("instance").order_by("ouverture", "pk")
    derniers = {c.instance.sigle: c for c in appels}
    return [
        Delai(Campagne, "conservation_mois", f"après la décision ({sigle})", campagne)
        for sigle, campagne in derniers.items()
    ] or [Delai(Campagne, "conservation_mois", "après la décision")]


def eliminations() -> Elimination:
    """Candidatures past their term. Members, and who accepted to be asked again, are not touched."""
    return Elimination(
        CANDIDATURES,
        "Candidatures non retenues",
        _delais(),
        "les nombres par collège, décision, commune, âge et genre",
        lambda: [
            Lot(c.pk, str(c), n, c.get_absolute_url(), c.ouverture, c.cloture)
            for c in Campagne.objects.select_related("instance").order_by("pk")
            if (n := c.candidatures.a_effacer().count())
        ],
        lambda numero, par: effacer_candidatures(Campagne.objects.get(pk=numero), par=par).nombre,
    )


def demarches_entieres() -> DemarcheEntiere:
    return DemarcheEntiere(
        "renouvellement.entier",
        "Un renouvellement entier\u00a0: toutes les candidatures",
        _delais(),
        "les numéros, les décisions, les mandats et les nombres",
        oubli.finies,
        oubli.tient,
        oubli.oublier_la_demarche,
    )


def traitements() -> Traitement:
    return Traitement(
        cle="renouvellement-candidature",
        titre="Candidater pour siéger dans une instance",
        personnes="Les candidates et candidats, et qui les remplacerait.",
        donnees="Nom, adresse électronique, téléphone si vous le donnez, commune, motivation. Si vous le voulez : tranche d’âge, genre, quartier.",
        finalite="Vérifier que vous pouvez siéger, choisir les membres, composer un groupe qui ressemble à la population.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD). Ce qui est facultatif repose sur votre accord.",
        destinataires="Les agents du service et les membres du comité de sélection. La liste des membres nommés est publique.",
        tables=("renouvellement.Candidature",),
        delais=_delais(),
        duree="C’est pour une candidature non retenue. Plus longtemps si vous acceptez d’être gardé en liste d’attente.",
    )


def pour_qui_on_tire(tirage: int) -> Trouve | None:
    college = CollegeCampagne.objects.filter(tirage=tirage).select_related("campagne").first()
    if college is None:
        return None
    return Trouve(f"{college.campagne}, {college}", college.campagne.get_absolute_url())


def mise_en_place() -> list[Reglage]:
    """Nothing: a campaign is prepared on its own page."""
    return []


def cherchables() -> Cherchable:
    return Cherchable(
        "candidater",
        "Appels à candidatures",
        "metropole",
        lambda: Campagne.objects.publiques().select_related("instance"),
        ("titre", "presentation"),
        lambda c: Trouve(c.titre, c.get_public_url()),
    )


def papiers() -> GenreDePapier:
    """Candidatures of the open calls, collège by collège: each asks its own questions."""
    return GenreDePapier(
        "candidature",
        "Candidatures à une instance",
        lambda: (
            (college.pk, f"{college.campagne.titre}, {college}")
            for college in CollegeCampagne.objects.filter(campagne__etat=EtatCampagne.OUVERTE)
            .select_related("campagne__instance")
            .order_by("campagne", "pk")
            if college.est_ouvert and college.campagne.recoit()
        ),
        lambda cible, reponses, par: PapierForm(reponses, objet=_college(cible), par=par),
        lambda cible, form, par, cle: saisir_candidature(_college(cible), par=par, **form.cleaned_data),
        en_ligne=lambda cible: reverse(
            "renouvellement:deposer_candidature", args=[_college(cible).campagne.instance.cle, cible]
        ),
        est_public=True,
        saisie=lambda cible: reverse("renouvellement:saisir_candidature", args=[cible]),
    )


def _college(numero: int) -> CollegeCampagne:
    return CollegeCampagne.objects.select_related("campagne__instance").get(pk=numero)
