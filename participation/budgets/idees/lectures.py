"""Similar idées in the same budget, with the words they share. They are only suggestions."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramDistance
from django.db.models import Value

from participation.budgets.models import Budget, Idee
from participation.budgets.workflow.budget import IDEES_PUBLIQUES, IDEES_VIVANTES
from participation.socle.models.mots import mots_compares
from participation.socle.regles.mots import mots_communs

COMBIEN, LUES = 3, 12


# Below this, resemblance is due to chance. Same value as for the remontées, measured on a test corpus.
RESSEMBLANCE_MIN = 0.17


@dataclass(frozen=True, slots=True)
class Semblable:
    idee: Any
    mots: list[str]


def semblables(idee: Idee, combien: int = COMBIEN) -> list[Semblable]:
    """For an agent: similar idées of the budget, except those of the same projet."""
    if not idee.mots:
        return []
    proches = Idee.objects.filter(budget=idee.budget_id, etat__in=sorted(IDEES_VIVANTES)).exclude(pk=idee.pk)
    if idee.projet_quartier_id:
        proches = proches.exclude(projet_quartier=idee.projet_quartier_id)
    return _plus_proches(proches, Value(idee.mots), idee.texte, combien)


def deja_proposees(budget: Budget, texte: str) -> list[Semblable]:
    """For a person about to propose: similar published idées."""
    if not texte.strip():
        return []
    publiques = Idee.objects.filter(budget=budget.pk, etat__in=sorted(IDEES_PUBLIQUES), est_publie=True)
    return _plus_proches(publiques, mots_compares(Value(texte)), texte)


def _plus_proches(proches: Any, mots: Any, texte: str, combien: int = COMBIEN) -> list[Semblable]:
    """Two queries: the pk of the nearest, by the index, then their rows."""
    cles = dict(
        proches.annotate(distance=TrigramDistance("mots", mots))
        .order_by("distance", "pk")
        .values_list("pk", "distance")[:LUES]
    )
    gardees = [pk for pk, distance in cles.items() if distance <= 1 - RESSEMBLANCE_MIN][:combien]
    lues: Any = Idee.objects.select_related("projet_quartier", "budget").in_bulk(gardees)
    return [Semblable(lues[pk], mots_communs(texte, lues[pk].texte)) for pk in gardees if pk in lues]
