"""What a public page says of a panel: profile beside the population, what is published and what is missing."""

from dataclasses import dataclass
from typing import Any

from participation.panels.models import Panel
from participation.panels.workflow import EtatPanel
from participation.seances.models import Seance
from participation.socle.graphiques import Graphique
from participation.socle.models import Piece
from participation.tirage.public import images_des_profils

E = EtatPanel
TIRES = frozenset({E.CONFIRMATION, E.SESSION, E.RECOMMANDE, E.REPONDU, E.CLOS})
RENDUS = frozenset({E.RECOMMANDE, E.REPONDU, E.CLOS})


def profil(panel: Panel) -> list[Graphique]:
    """Return the panel by category, counted together: no profile of a person is ever shown."""
    return images_des_profils(panel.tirage) if panel.tirage is not None and panel.etat in TIRES else []


def seances(panel: Panel) -> list[Seance]:
    if panel.instance_id is None:
        return []
    siennes: Any = Seance.objects.filter(instance=panel.instance_id).exclude(etat="annulee")
    return list(siennes.order_by("debut", "pk"))


def pieces(panel: Panel) -> list[Piece]:
    return list(
        Piece.objects.filter(dossier=panel.pk, est_publique=True, retiree_le__isnull=True).order_by("pk")
    )


@dataclass(frozen=True, slots=True)
class Transparence:
    """One thing that a panel owes to all: published or missing. `url`: where to read it."""

    quoi: str
    est_publie: bool
    url: str = ""


def transparence(panel: Panel, lignes: list[Seance], publiees: list[Piece]) -> list[Transparence]:
    """Return what is published and what is not yet: the list of the OECD's good practices (2021)."""
    tirage = panel.tirage if panel.tirage is not None and panel.tirage.est_public else None
    rendu = panel.etat in RENDUS
    return [
        Transparence("La question posée", bool(panel.mandat), "#mandat"),
        Transparence("Qui répond, et quand", bool(panel.engagement), "#mandat"),
        Transparence("Ce qu’il coûte et qui paie", bool(panel.financement), "#financement"),
        Transparence(
            "La règle du tirage au sort", tirage is not None, tirage.get_public_url() if tirage else ""
        ),
        Transparence(
            "Le résultat du tirage, vérifiable",
            tirage is not None and tirage.boules is not None,
            tirage.get_public_url() if tirage else "",
        ),
        Transparence("Le profil du panel", panel.etat in TIRES, "#profil"),
        Transparence("Le calendrier des séances", bool(lignes), "#seances"),
        Transparence("Les documents remis au panel", bool(publiees), "#documents"),
        Transparence("Les recommandations votées", rendu, "#recommandations"),
        Transparence(
            "La réponse à chaque recommandation", panel.etat in {E.REPONDU, E.CLOS}, "#recommandations"
        ),
        Transparence("L’évaluation", panel.evaluation_le is not None, "#evaluation"),
    ]
