"""What the engagements show on shared pages: menus, site map, open data, kept figures, personal data."""

from typing import Any

from django.urls import reverse

from participation.engagements.models import EngagementPris, Principe
from participation.engagements.promesses import vues as promesses
from participation.engagements.promesses.lectures import PUBLICS
from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.lectures.chiffres import Tenu
from participation.socle.models import Compte
from participation.socle.vitrine import (
    EntreeBureau,
    EntreePublique,
    Etape,
    PageDuPlan,
    Reglage,
    Rubrique,
    Traitement,
)


def menu_public() -> list[EntreePublique]:
    return [EntreePublique(Rubrique.SUIVRE, "Engagements", reverse("engagements:engagements"))]


def plan_du_site() -> list[PageDuPlan]:
    publies: Any = (
        EngagementPris.objects.filter(est_publie=True).order_by("pk").only("reference", "modifie_le")
    )
    return [
        PageDuPlan(reverse("engagements:engagements")),
        *(PageDuPlan(publie.get_public_url(), publie.modifie_le) for publie in publies),
    ]


def menu_bureau(compte: Compte) -> list[EntreeBureau] | None:
    if not compte.est_agent:
        return None
    return [EntreeBureau("Engagements", reverse("engagements:dossiers_engagements"), app="engagements")]


def chiffres_tenus() -> list[Tenu]:
    return [PUBLICS]


def jeux_de_donnees() -> list[JeuDeDonnees]:
    return [promesses.JEU]


def traitements() -> list[Traitement]:
    return []


def mise_en_place() -> list[Reglage]:
    """The principles that frame the engagements: without them the site serves, and its list has no headings."""
    reste = "" if Principe.objects.exists() else "aucun principe n’est écrit"
    return [
        Reglage(
            Etape.REGLES,
            "Écrire les principes qui cadrent les engagements",
            reste,
            "Les engagements pour la participation sont listés sans titre.",
            reverse("admin:engagements_principe_changelist"),
            aux_tables=True,
            peut_attendre=True,
        )
    ]
