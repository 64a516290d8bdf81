"""What the rencontres show on shared pages: menus, home, « Ma journée », site map, needs, profile, personal data."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext

from participation.inscriptions.lectures import a_dire_pour_venir
from participation.inscriptions.lectures import au_calendrier as au_calendrier_de
from participation.inscriptions.workflow import EtatInscription
from participation.rencontres import oubli
from participation.rencontres.models import Inscription, ReglementRencontres, Rencontre
from participation.rencontres.public import a_venir
from participation.rencontres.workflow import EtatRencontre
from participation.socle import langues
from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import debut_du_jour, du_au
from participation.socle.journee import AttenteLue, SectionJournee, Tache
from participation.socle.lectures.conservation import Delai, DemarcheEntiere, Traitement
from participation.socle.lectures.langues import avec_titres_lus
from participation.socle.models import Combien, Compte
from participation.socle.vitrine import (
    OUVERTS_MONTRES,
    AuCalendrier,
    Demarche,
    EntreeBureau,
    EntreePublique,
    Ouvert,
    PageDuPlan,
    Rattachable,
    Reglage,
    Rubrique,
    SectionAccueil,
)
from participation.socle.workflow import Role

E = EtatRencontre


CONSERVATION = Delai(ReglementRencontres, "conservation_jours", "après la rencontre")


def menu_public() -> EntreePublique:
    return EntreePublique(
        Rubrique.SE_REUNIR, gettext("Rencontres"), reverse("rencontres:rencontres_publiques")
    )


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    if not compte.est_agent and Role.ACCUEIL not in compte.roles:
        return None
    return EntreeBureau("Rencontres", reverse("rencontres:rencontres"), app="rencontres")


def section_accueil() -> SectionAccueil | None:
    ouvertes = a_venir().filter(etat=E.OUVERTE).order_by("date_limite", "debut", "pk")
    lignes = [
        Ouvert(
            genre=gettext("Rencontre"),
            quand=gettext("le %(jour)s à %(heure)s")
            % {"jour": langues.jour(r.jour), "heure": langues.heure(r.debut)},
            titre=langues.titre_lu(r),
            url=r.get_public_url(),
            phrase=a_dire_pour_venir(r),
            fin=r.date_limite,
        )
        for r in avec_titres_lus(ouvertes)[:OUVERTS_MONTRES]
    ]
    if not lignes:
        return None
    return SectionAccueil(
        "rencontres", ouverts=lignes, url_ouverts=reverse("rencontres:rencontres_publiques")
    )


def plan_du_site() -> list[PageDuPlan]:
    siennes = Rencontre.objects.publiques().order_by("pk")
    return [
        PageDuPlan(reverse("rencontres:rencontres_publiques")),
        *(PageDuPlan(r.get_public_url(), r.modifie_le) for r in siennes),
    ]


def section_journee(compte: Compte) -> SectionJournee | None:
    """The rencontres that took place and that nobody said held, and those of today."""
    if not compte.est_agent:
        return None
    return SectionJournee("rencontres", "Rencontres", [AttenteLue(_a_dire, _taches)])


def _a_dire() -> Any:
    siennes = Rencontre.objects.filter(etat=E.OUVERTE, debut__lt=debut_du_jour())
    return siennes.order_by("debut", "pk").values("pk", "titre")


def _taches(lignes: list[Rangee]) -> list[Tache]:
    return [
        Tache(
            quoi="Dire que la rencontre a eu lieu",
            url=reverse("rencontres:rencontre", args=[ligne["pk"]]),
            bouton="Ouvrir",
            sur_quoi=ligne["titre"],
            genre="Rencontre",
            app="rencontres",
        )
        for ligne in lignes
    ]


def demarches(annee: int) -> list[Demarche]:
    assises = Inscription.objects.filter(evenement=OuterRef("pk"), etat=EtatInscription.INSCRITE)
    siennes = (
        Rencontre.objects.publiques()
        .exclude(etat=E.ANNULEE)
        .filter(du_au("debut", date(annee, 1, 1), date(annee, 12, 31)))
        .annotate(inscrites=Combien(assises))
        .only("titre")
        .order_by("pk")
    )
    return [
        Demarche("rencontre", r.pk, "Rencontre", r.titre, r.get_public_url(), combien)
        for r in siennes
        if (combien := vars(r)["inscrites"])
    ]


def demarches_entieres() -> DemarcheEntiere:
    return DemarcheEntiere(
        "rencontres.entiere",
        "Une rencontre entière\u00a0: inscrits, animateurs, lettres, abonnements",
        (CONSERVATION,),
        "ce qui s’est dit, les besoins et les présences, en nombres",
        oubli.finies,
        oubli.tient,
        oubli.oublier_la_demarche,
    )


def traitements() -> Traitement:
    return Traitement(
        cle="rencontres-inscription",
        titre="Vous inscrire à une rencontre",
        personnes="Les personnes inscrites, et qui anime.",
        donnees="Votre nom ; votre adresse ou votre téléphone, si vous les laissez ; ce qu’il vous faut pour venir : interprète, langue des signes, garde d’enfants, transport, accès.",
        finalite="Réserver votre place, prévoir ce qu’il faut, vous prévenir d’un changement, vous accueillir.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour ce que vous dites de vos besoins.",
        destinataires="Les agents du service, et qui tient l’accueil le jour même.",
        tables=("rencontres.Inscription", "rencontres.Animateur", "rencontres.AuteurDeNote"),
        delais=(CONSERVATION,),
        duree="Plus tôt si vous ne confirmez pas votre adresse. Restent, sans nom, les besoins cochés et des nombres.",
        sensibles="Un besoin d’accès, qui peut parler de la santé, avec votre accord.",
    )


def mise_en_place() -> list[Reglage]:
    """Nothing but its règlement: a rencontre is prepared on its own page."""
    return []


def au_calendrier(annee: int) -> list[AuCalendrier]:
    siennes = Rencontre.objects.publiques().filter(du_au("debut", date(annee, 1, 1), date(annee, 12, 31)))
    lues = siennes.annotate(groupes_dits=Count("groupes", filter=Q(groupes__fait_le__isnull=False)))
    return [
        au_calendrier_de(
            r,
            "Rencontre",
            [("Ce que devient ce qui s’est dit", f"{r.get_public_url()}#recolte")] if r.groupes_dits else [],
        )
        for r in lues.order_by("debut", "pk")
    ]


def rattachables() -> Rattachable:
    return Rattachable(Rencontre, lambda: Rencontre.objects.filter(clos_le=None).order_by("-debut", "-pk"))
