"""Queries of every back-office page, whose SQL is written once and executed each time.

Django composes a statement each time, and the server plans it each time. For the menu, its counts and the
account, this costs more than the rest of most pages: two pages of three would cost half as much again
(docs/performances.md). Here the SQL is kept for all the accounts that have the same rights. It is written for
a placeholder account (`Compte.sans_nom`, which has no mail nor name), whose number is replaced by that of the
account, and each connection keeps its plan (`preparees`). No result is kept. `tests/socle/test_bd.py` runs it for two accounts
in turn.
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
    """Return the current rows of a queryset.

    `cle` must identify the statement for the life of the process: the rights, the day, and what is queried.
    If the SQL holds a moment, `cle` must hold its minute.
    """
    return _garder(cle, lambda: _planifier(cle, *ensemble().query.sql_with_params()))(qui)


def redire_le_texte(
    cle: str, qui: int, ecrire: Callable[[], tuple[str, tuple[Any, ...], T]]
) -> tuple[T, tuple[Any, ...]]:
    """Return what `ecrire` gives beside the SQL, and the single row of this SQL."""

    def composer() -> tuple[Planifiee, T]:
        sql, valeurs, avec = ecrire()
        return _planifier(cle, sql, valeurs), avec

    demande, avec = _garder(cle, composer)
    (rangee,) = demande(qui)
    return avec, rangee


def relire(cle: str, qui: int, ensemble: Callable[[], "QuerySet[M, M]"]) -> list[M]:
    """Like `redire`, but return model instances."""
    ecrit = _garder(cle, lambda: _Ecrit(cle, ensemble()))
    return list(ecrit.pour(qui))


class _Ecrit:
    """A queryset with its SQL written and its compiler kept to build the objects."""

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
