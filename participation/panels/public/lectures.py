"""What a public page says of a panel: profile beside the population, what is published and what is missing."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from participation.panels.models import Panel
from participation.panels.workflow import EtatPanel
from participation.seances.models import Seance
from participation.socle.models import Piece

E = EtatPanel
TIRES = frozenset({E.CONFIRMATION, E.SESSION, E.RECOMMANDE, E.REPONDU, E.CLOS})
RENDUS = frozenset({E.RECOMMANDE, E.REPONDU, E.CLOS})


@dataclass(frozen=True, slots=True)
class LigneProfil:
    """How many seats a value has, and between which bounds the rule wanted it."""

    valeur: str
    assis: int
    minimum: int
    maximum: int


def profil(panel: Panel) -> list[tuple[str, list[LigneProfil]]]:
    """Return the panel by category, counted together: no profile of a person is ever shown."""
    if panel.tirage is None or panel.etat not in TIRES:
        return []
    profils = panel.tirage.volontaires.assis().values_list("profil", flat=True)
    combien = Counter((c, v) for siens in profils for c, v in siens.items())
    lignes: dict[str, list[LigneProfil]] = {}
    for quota in panel.tirage.quotas.all():
        lignes.setdefault(quota.categorie, []).append(
            LigneProfil(quota.valeur, combien[quota.categorie, quota.valeur], quota.minimum, quota.maximum)
        )
    return list(lignes.items())


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
