"""Statements written once: what stands on every page of the office is asked of the database each time, and composed once.

What Django needs to write such a statement costs more than its answer. Its text serves all who have the same rights: it is written
for an account of nobody (`Compte.sans_nom`), whose number gives its place to that of who asks.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Ensemble = Callable[[], "QuerySet[Any, Any]"]
Instruction = tuple[str, tuple[Any, ...]]
# The number of nobody, in a statement written for all: no row has it.
PERSONNE = -(2**62)
GARDEES = 300
_gardees: dict[str, Instruction] = {}


def compter(cle: str, qui: int, ensembles: Callable[[], Sequence[Ensemble]]) -> list[int]:
    """How many rows each of these would give, in one statement: each count reads its own index, as alone.

    `cle` tells this statement from all others for as long as the process lives: which rights, which day, and what is counted.
    """
    (comptes,) = _lire(_garder(cle, lambda: _composer(ensembles())), qui)
    return [int(combien) for combien in comptes]


def redire(cle: str, qui: int, ensemble: Ensemble) -> list[tuple[Any, ...]]:
    """The rows of this, as they are now. `cle`: as for `compter`; if a moment is in the statement, the minute is in its key."""
    return _lire(_garder(cle, lambda: ensemble().query.sql_with_params()), qui)


def _garder(cle: str, ecrire: Callable[[], Instruction]) -> Instruction:
    instruction = _gardees.get(cle)
    if instruction is None:
        if len(_gardees) >= GARDEES:
            _gardees.clear()
        instruction = _gardees[cle] = ecrire()
    return instruction


def _lire(instruction: Instruction, qui: int) -> list[tuple[Any, ...]]:
    sql, valeurs = instruction
    with connection.cursor() as curseur:
        curseur.execute(sql, [qui if valeur == PERSONNE else valeur for valeur in valeurs])
        return curseur.fetchall()  # type: ignore[no-any-return]


def _composer(ensembles: Sequence[Ensemble]) -> Instruction:
    comptes: list[str] = []
    valeurs: list[Any] = []
    for faire in ensembles:
        ensemble = faire()
        lues = ensemble if ensemble.query.values_select else ensemble.values("pk")
        try:
            sql, parametres = lues.order_by().query.sql_with_params()
        except EmptyResultSet:
            comptes.append("0")
            continue
        comptes.append(f"(SELECT COUNT(*) FROM ({sql}) AS e)")  # noqa: S608 (the compiler of Django wrote it)
        valeurs += parametres
    return f"SELECT {', '.join(comptes)}", tuple(valeurs)
