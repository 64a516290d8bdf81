"""What the séances add to shared pages: menus, home page, « Ma journée », personal data, site map."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, F, Func, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.seances import journee
from participation.seances.convocation import lettres
from participation.seances.convocation.lectures import besoins_en_mots, numero_de_demarche
from participation.seances.instances.lectures import mise_en_place as _mise_en_place
from participation.seances.journee import HORIZON, JOURS_POUR_CONVOQUER, a_programmer
from participation.seances.membres import lettres as _membres
from participation.seances.models import (
    Convie,
    Inscription,
    Instance,
    Membre,
    ProcesVerbal,
    Profil,
    Seance,
    instances_ou_siege,
)
from participation.seances.points.decisions import points_de
from participation.seances.regles import dernier_jour
from participation.seances.workflow import Etat
from participation.socle import langues
from participation.socle.bd.sondes import Rangees, sonder
from participation.socle.calendrier import debut_du_jour, fin_du_jour
from participation.socle.francais import INSECABLE, jour_texte
from participation.socle.journee import SectionJournee
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    BesoinATenir,
    Cherchable,
    Demarche,
    EntreeBureau,
    EntreePublique,
    Ouvert,
    PageDuPlan,
    Rubrique,
    SectionAccueil,
    Trouve,
)
from participation.socle.workflow import Role

OUVERTS_MONTRES = 3
ecrire_par_poste = _membres.ecrire_par_poste
points_du_dossier = points_de


def espace(compte: Compte) -> str | None:
    """Return the page where a member without back office lands after sign-in."""
    if Membre.objects.filter(compte=compte).exists():
        return reverse("seances:espace")
    return None


def menu_public() -> list[EntreePublique]:
    """Return the menu entries without any query: they are on every public page."""
    return [EntreePublique(Rubrique.SE_REUNIR, gettext("Instances"), reverse("seances:instances_publiques"))]


def plan_du_site() -> list[PageDuPlan]:
    pages = [PageDuPlan(reverse(f"seances:{nom}")) for nom in ("instances_publiques", "calendrier_public")]
    for instance in Instance.objects.filter(est_publique=True, est_active=True).order_by("pk"):
        pages.append(PageDuPlan(instance.get_public_url()))
        pages.append(PageDuPlan(reverse("seances:proces_verbaux", args=[instance.cle])))
    ouvertes = Seance.objects.annoncees().filter(est_publique=True, instance__est_publique=True)
    pages += [
        PageDuPlan(reverse("seances:seance_publique", args=[pk]))
        for pk in ouvertes.order_by("-pk").values_list("pk", flat=True)
    ]
    publies = ProcesVerbal.objects.publies().order_by("-pk").values_list("seance", flat=True)
    pages += [PageDuPlan(reverse("seances:lire_proces_verbal", args=[pk])) for pk in publies]
    return pages


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    entrees = []
    if compte.est_agent:
        a_convoquer, retards = _nombres_a_convoquer(compte)
        entrees += [
            EntreeBureau(
                "Séances", reverse("seances:seances"), app="metropole", nombre=a_convoquer, retards=retards
            ),
            EntreeBureau("Instances", reverse("seances:instances"), icone="personnes"),
        ]
    if compte.roles & {Role.AGENT, Role.ELU, Role.AGENT_DIRECTION}:
        entrees.append(
            EntreeBureau("Calendrier des séances", reverse("seances:calendrier"), icone="calendrier")
        )
    if instances_ou_siege(compte):
        entrees.append(EntreeBureau("Mes instances", reverse("seances:espace"), icone="salle"))
    return entrees


def _nombres_a_convoquer(compte: Compte) -> tuple[int, int]:
    """Return (séances to convene soon, those past their last day), for the menu of every page.

    Reads only the columns that the last day depends on.
    """
    regles = [f"reglement__{champ}" for champ in ("delai_convocation", "unite_delai", "delai_seconde")]
    a_dire = ("debut", "rang_convocation", *regles)
    (lues,) = sonder(
        f"a convoquer {timezone.localtime():%F %R %z}",
        compte,
        lambda: [Rangees(lambda: a_programmer().order_by().values(*a_dire))],
    )
    jour = timezone.localdate()
    limites = [
        dernier_jour(timezone.localdate(une["debut"]), *(une[champ] for champ in a_dire[1:])) for une in lues
    ]
    bientot = jour + timedelta(days=JOURS_POUR_CONVOQUER)
    return sum(limite <= bientot for limite in limites), sum(limite < jour for limite in limites)


def section_accueil() -> SectionAccueil | None:
    """Return the next public séances for the home page."""
    seances = (
        Seance.objects.a_venir()
        .annoncees()
        .filter(
            est_publique=True,
            instance__est_publique=True,
            debut__gte=timezone.now(),
            debut__lt=fin_du_jour() + timedelta(days=HORIZON),
        )
        .select_related("instance")
        .order_by("debut", "pk")[:OUVERTS_MONTRES]
    )
    ouverts = [
        Ouvert(
            genre=gettext("Séance publique"),
            quand=gettext("le %(jour)s à %(heure)s")
            % {"jour": langues.jour(seance.debut), "heure": langues.heure(seance.debut)},
            titre=langues.ecrit(seance.titre),
            url=seance.get_public_url(),
            phrase=langues.ecrit(
                f"{seance.instance.nom}, {seance.get_tenue_display()}{f'{INSECABLE}: {seance.lieu}' if seance.lieu else ''}."
            ),
            fin=timezone.localdate(seance.debut),
        )
        for seance in seances
    ]
    return SectionAccueil(app="metropole", ouverts=ouverts) if ouverts else None


def demarches(annee: int) -> list[Demarche]:
    """The public instances of the year: its members who said that they come, each once whatever the séances."""
    viennent = (
        Convie.objects.filter(
            seance__debut__gte=debut_du_jour(date(annee, 1, 1)),
            seance__debut__lt=debut_du_jour(date(annee + 1, 1, 1)),
            seance__instance__est_publique=True,
            reponse__in=[Convie.Reponse.SALLE, Convie.Reponse.DISTANCE],
            retire_le=None,
        )
        .exclude(seance__etat=Etat.ANNULEE)
        .values_list("seance__instance")
        .annotate(combien=Count("membre__compte", distinct=True))
    )
    combien = dict(viennent)
    return [
        Demarche(
            "seances",
            numero_de_demarche(instance.pk, annee),
            "Séances",
            f"{instance.nom}, {annee}",
            instance.get_public_url(),
            combien[instance.pk],
        )
        for instance in Instance.objects.filter(pk__in=combien).order_by("pk")
    ]


def _a_venir() -> QuerySet[Seance]:
    return Seance.objects.filter(debut__gte=debut_du_jour(), etat__in=[Etat.PROGRAMMEE, Etat.CONVOQUEE])


def _qui_dit_un_besoin(seances: Iterable[int]) -> Sequence[QuerySet[Any]]:
    """Return who said a need for these séances, visits and trainings; not those who excused themselves."""
    absents = [Convie.Reponse.EXCUSE, Convie.Reponse.POUVOIR]
    convies = Convie.objects.filter(seance__in=seances, retire_le=None).exclude(reponse__in=absents)
    inscrits = Inscription.objects.filter(seance__in=seances, etat=Inscription.Etat.INSCRIT)
    return convies.exclude(besoins=[]), inscrits.exclude(besoins=[])


def besoin_assure(page: str, besoin: str) -> None:
    celle_ci = [s.pk for s in _a_venir() if s.get_absolute_url() == page]
    qui_dit = (q.select_related("seance__instance", "membre__compte") for q in _qui_dit_un_besoin(celle_ci))
    for qui in chain.from_iterable(qui_dit):
        if besoin in besoins_en_mots(qui):
            lien = (
                lettres.lien_reponse(qui)
                if isinstance(qui, Convie)
                else reverse("seances:inscription", args=[qui.seance_id])
            )
            lettres.assurer_au_membre(qui.membre, qui.seance, besoin, lien)


def besoins_a_tenir() -> list[BesoinATenir]:
    """Counted by the database: ten thousand answers are a few hundred lines."""
    seances = {seance.pk: seance for seance in _a_venir().select_related("instance")}
    combien: Counter[tuple[int, str]] = Counter()
    for qui in _qui_dit_un_besoin(seances):
        dits = qui.order_by().annotate(
            besoin=Func(F("besoins"), function="jsonb_array_elements_text", output_field=CharField())
        )
        for seance, besoin, n in dits.values_list("seance", "besoin").annotate(n=Count("pk")):
            if besoin in Profil.Besoin.values:
                combien[seance, str(Profil.Besoin(besoin).label)] += n
    return [
        BesoinATenir(s.debut, str(s), s.get_absolute_url(), besoin, n, s.lieu)
        for (numero, besoin), n in combien.items()
        for s in [seances[numero]]
    ]


def section_journee(compte: Compte) -> list[SectionJournee]:
    return journee.sections(compte)


def traitements() -> list[Traitement]:
    return [
        Traitement(
            cle="seances-sieger",
            titre="Siéger dans une instance",
            personnes="Les membres des instances et les personnes invitées.",
            donnees="Nom, adresse électronique, téléphone si vous le donnez, collège, organisme, commune, dates du mandat. Convocations, réponses, présences et votes nominatifs. Si vous le voulez : besoins pour venir, présentation, genre, tranche d’âge.",
            finalite="Convoquer, compter le quorum et les votes, écrire les procès-verbaux, publier la composition ; mesurer la diversité de l’instance, en nombres seulement.",
            base_legale="Obligation légale et mission d’intérêt public (articles 6.1.c et 6.1.e du RGPD). Ce qui est facultatif repose sur votre accord, que vous reprenez dans « Mon profil ».",
            destinataires="Les agents du service. Le nom, la fonction et l’organisme sont publics ; la commune et la présentation ne le sont que si vous l’acceptez. Les autres membres voient vos coordonnées seulement si vous l’acceptez.",
            tables=("seances.Membre", "seances.Profil", "seances.Invite"),
            duree=f"Le nom, le mandat et les procès-verbaux sont gardés comme archives de l’instance. Les besoins dits pour une séance sont effacés {settings.BESOINS_JOURS} jours après elle. Le profil est effacé à la fermeture du compte.",
            sensibles="Un besoin d’accès, qui peut parler de la santé, avec votre accord.",
        )
    ]


# Said where the instances are read.
mise_en_place = _mise_en_place


def _seances_publiques() -> QuerySet[Any, Any]:
    seances: QuerySet[Any, Any] = Seance.objects.annoncees().select_related("instance")
    return seances.filter(est_publique=True, instance__est_publique=True)


def cherchables() -> list[Cherchable]:
    return [
        Cherchable(
            "seances",
            "Séances",
            "metropole",
            _seances_publiques,
            ("titre", "lieu", "instance__nom"),
            lambda s: Trouve(s.titre, s.get_public_url(), f"{s.instance.nom}, {jour_texte(s.debut)}"),
        ),
        Cherchable(
            "instances",
            "Instances",
            "metropole",
            lambda: Instance.objects.filter(est_publique=True, est_active=True),
            ("nom", "sigle", "presentation", "fondement"),
            lambda i: Trouve(i.nom, i.get_public_url()),
        ),
    ]
