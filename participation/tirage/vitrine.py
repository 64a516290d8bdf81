"""Entries of the draws on shared pages: menus, « Ma journée », site map, personal data."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import fin_du_jour
from participation.socle.journee import AttenteLue, SectionJournee, Tache
from participation.socle.lectures.conservation import Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    Cherchable,
    EntreeBureau,
    EntreePublique,
    PageDuPlan,
    Reglage,
    Rubrique,
    Trouve,
)
from participation.tirage.models import Tirage
from participation.tirage.workflow import EtatTirage

# What waits for an agent, by état.
ATTENDUS = {EtatTirage.FIGE: "semer", EtatTirage.SEME: "publier_panels", EtatTirage.PUBLIE: "tirer"}


def menu_public() -> EntreePublique:
    return EntreePublique(Rubrique.SUIVRE, gettext("Tirages au sort"), reverse("tirage:tirages_publics"))


def plan_du_site() -> list[PageDuPlan]:
    tirages = Tirage.objects.publics().only("pk")
    return [PageDuPlan(reverse("tirage:tirages_publics")), *(PageDuPlan(t.get_public_url()) for t in tirages)]


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    if not compte.est_agent:
        return None
    return EntreeBureau("Tirages au sort", reverse("tirage:tirages"), icone="rond")


def section_journee(compte: Compte) -> SectionJournee | None:
    """What a draw waits for: a seed that is known, panels to publish before the day, balls to write."""
    if not compte.est_agent:
        return None
    return SectionJournee("tirages", "Tirages au sort", [AttenteLue(_attendus, _taches)])


def _attendus() -> Any:
    aujourdhui = timezone.localdate()
    est_due = (
        Q(etat=EtatTirage.SEME)
        | Q(etat=EtatTirage.FIGE, date_graine__lte=aujourdhui)
        | Q(etat=EtatTirage.PUBLIE, tirage_le__lt=fin_du_jour())
    )
    return (
        Tirage.objects.filter(est_due)
        .values("pk", "titre", "etat", "date_graine", "tirage_le")
        .order_by("tirage_le")
    )


def _taches(tirages: list[Rangee]) -> list[Tache]:
    return [
        Tache(
            quoi=Tirage.acte(ATTENDUS[EtatTirage(ligne["etat"])]).libelle,
            url=reverse("tirage:tirage", args=[ligne["pk"]]),
            bouton="Ouvrir",
            sur_quoi=ligne["titre"],
            genre="Tirage au sort",
            app="tirage",
            date_limite=ligne["date_graine"]
            if ligne["etat"] == EtatTirage.FIGE
            else timezone.localdate(ligne["tirage_le"]),
        )
        for ligne in tirages
    ]


def traitements() -> Traitement:
    return Traitement(
        cle="tirage-volontaire",
        titre="Être volontaire pour un tirage au sort",
        personnes="Les volontaires.",
        donnees="Nom, adresse électronique, téléphone, adresse du foyer, et les catégories que la règle du tirage demande.",
        finalite="Tirer au sort un panel qui ressemble à la population, et joindre les personnes tirées.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD). Ce qui est facultatif repose sur votre accord.",
        destinataires="Les agents du service. Le public voit des numéros et des totaux, jamais votre nom ni votre profil.",
        tables=("tirage.Volontaire",),
        duree="Jusqu’à la fin du panel. Votre numéro de tirage, qui ne dit rien de vous, reste publié.",
    )


def mise_en_place() -> list[Reglage]:
    """Nothing: a draw is prepared on its own page."""
    return []


def cherchables() -> Cherchable:
    return Cherchable(
        "tirages",
        "Tirages au sort",
        "metropole",
        Tirage.objects.publics,
        ("titre", "objet"),
        lambda t: Trouve(t.titre, t.get_public_url(), t.get_etat_display()),
    )
