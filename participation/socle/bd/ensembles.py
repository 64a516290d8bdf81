"""Statements written once: what stands on every page of the office is asked of the database each time, and composed once.

Django composes a statement each time it is asked, and the server plans it each time: for the menu, its counts and who asks, that costs
more than the rest of most pages (two pages of three would cost half as much again, docs/performances.md). Here its text is kept for
all who have the same rights: it is written for an account of nobody (`Compte.sans_nom`), whose number gives its place to that of who
asks, and each connection keeps its plan (`preparees`). Nothing that the database said is kept. `tests/socle/test_bd.py` asks for two
accounts in turn.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from participation.socle.bd.preparees import Planifiee

T = TypeVar("T")
M = TypeVar("M", bound=Model)
Ensemble = Callable[[], "QuerySet[Any, Any]"]
GARDEES = 300
_gardees: dict[str, Any] = {}


def redire(cle: str, qui: int, ensemble: Ensemble) -> list[tuple[Any, ...]]:
    """The rows of this, as they are now.

    `cle` tells this statement from all others for as long as the process lives: which rights, which day, and what is asked; if a moment
    is in the statement, the minute is in its key.
    """
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
