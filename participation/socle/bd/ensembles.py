"""Statements written once: what stands on every page of the office is asked of the database each time, and composed once.

What Django needs to write such a statement costs more than its answer. Its text serves all who have the same rights: it is written
for an account of nobody (`Compte.sans_nom`), whose number gives its place to that of who asks.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from participation.socle.bd.preparees import Planifiee

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Ensemble = Callable[[], "QuerySet[Any, Any]"]
Instruction = tuple[str, tuple[Any, ...]]
GARDEES = 300
_gardees: dict[str, Any] = {}


def compter(cle: str, qui: int, ensembles: Callable[[], Sequence[Ensemble]]) -> list[int]:
    """How many rows each of these would give, in one statement: each count reads its own index, as alone.

    `cle` tells this statement from all others for as long as the process lives: which rights, which day, and what is counted.
    """
    (comptes,) = _garder(cle, lambda: _planifier(cle, *_composer(ensembles())))(qui)
    return [int(combien) for combien in comptes]


def redire(cle: str, qui: int, ensemble: Ensemble) -> list[tuple[Any, ...]]:
    """The rows of this, as they are now. `cle`: as for `compter`; if a moment is in the statement, the minute is in its key."""
    return _garder(cle, lambda: _planifier(cle, *ensemble().query.sql_with_params()))(qui)


def redire_le_texte(
    cle: str, qui: int, ecrire: Callable[[], tuple[str, tuple[Any, ...], T]]
) -> tuple[T, tuple[Any, ...]]:
    """The one row of a statement composed by hand, with what goes with its text."""

    def composer() -> tuple[Planifiee, T]:
        sql, valeurs, avec = ecrire()
        return _planifier(cle, sql, valeurs), avec

    demande, avec = _garder(cle, composer)
    (rangee,) = demande(qui)
    return avec, rangee


def relire(cle: str, qui: int, ensemble: Callable[[], "QuerySet[M, M]"]) -> list[M]:
    """The same, as objects."""
    ecrit = _garder(cle, lambda: _Ecrit(cle, ensemble()))
    return list(ecrit.pour(qui))


class _Ecrit:
    """A queryset whose statement is written: what Django makes of its rows is kept with it."""

    def __init__(self, cle: str, ensemble: "QuerySet[Any, Any]") -> None:
        self.ensemble, self.compilateur = ensemble, ensemble.query.get_compiler(connection.alias)
        self.demande = _planifier(cle, *self.compilateur.as_sql())

    def pour(self, qui: int) -> "QuerySet[Any, Any]":
        objets, compilateur = self.ensemble.all(), copy(self.compilateur)
        compilateur.connection, compilateur.execute_sql = connection, lambda *_a, **_k: [self.demande(qui)]
        objets.query.get_compiler = lambda *_a, **_k: compilateur  # type: ignore[method-assign]
        return objets


def _planifier(cle: str, sql: str, valeurs: Sequence[Any]) -> Planifiee:
    return Planifiee(cle.partition(".")[0], sql, valeurs)


def _garder(cle: str, ecrire: Callable[[], T]) -> T:
    garde: T | None = _gardees.get(cle)
    if garde is None:
        if len(_gardees) >= GARDEES:
            _gardees.clear()
        garde = _gardees[cle] = ecrire()
    return garde


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
