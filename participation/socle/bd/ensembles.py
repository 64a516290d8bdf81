"""Several counts, one question: what stands on every page of the office is asked of the database once.

What Django needs to write such a statement costs more than its answer: its text is written once a minute in each process for those
who have the same rights, and the rows are asked each time.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from participation.socle.cache import une_minute

Ensemble = Callable[[], "QuerySet[Any, Any]"]
Instruction = tuple[str, tuple[Any, ...]]


def compter(ensembles: Sequence[Ensemble], cle: str) -> list[int]:
    """How many rows each of these would give, in one statement: each count reads its own index, as alone.

    `cle` tells this statement from all others: whose rights, today, and what is counted (see `redire`).
    """
    if not ensembles:
        return []
    (comptes,) = _lire(une_minute(f"ensembles.{cle}", lambda: _composer(ensembles)))
    return [int(combien) for combien in comptes]


def redire(cle: str, ensemble: Ensemble) -> list[tuple[Any, ...]]:
    """The rows of this, as they are now. `cle` changes with all that changes the statement: a moment in it is a minute late at most."""
    return _lire(une_minute(f"ensembles.{cle}", lambda: ensemble().query.sql_with_params()))


def _lire(instruction: Instruction) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(*instruction)
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
