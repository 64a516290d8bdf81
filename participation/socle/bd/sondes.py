"""Many small queries in one statement, written once (`ensembles`): existence, count, oldest date, rows.

« Ma journée » needs some sixty, and the menu of every page a dozen. One by one, « Ma journée » would cost
twice as much, and the other pages half as much again (docs/performances.md).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, QuerySet

from participation.socle.bd.ensembles import Ensemble, redire_le_texte

Rangee = dict[str, Any]
Lecteur = Callable[[Any], Any]


class Sonde(Protocol):
    def ecrire(self) -> tuple[str, Sequence[Any], Lecteur]:
        """Return the SQL, its values, and the function that converts its result."""

    def lire_le_vide(self, _: Any) -> Any:
        """Return the result when the compiler knows that no row matches (EmptyResultSet)."""


@dataclass(frozen=True, slots=True)
class Existe:
    """Whether a row exists."""

    ensemble: Ensemble

    def ecrire(self) -> tuple[str, Sequence[Any], Lecteur]:
        sql, valeurs = self.ensemble().order_by().values("pk")[:1].query.sql_with_params()
        return f"(SELECT to_jsonb(EXISTS ({sql})))", valeurs, bool

    def lire_le_vide(self, _: Any) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Nombre:
    """Number of rows, up to `au_plus` + 1. Each count is a subquery of its own and uses its own index."""

    ensemble: Ensemble
    au_plus: int

    def ecrire(self) -> tuple[str, Sequence[Any], Lecteur]:
        ensemble = self.ensemble().order_by()
        lues = ensemble if ensemble.query.values_select else ensemble.values("pk")
        sql, valeurs = lues[: self.au_plus + 1].query.sql_with_params()
        return f"(SELECT to_jsonb(COUNT(*)) FROM ({sql}) AS e)", valeurs, int  # noqa: S608 (the compiler of Django wrote it)

    def lire_le_vide(self, _: Any) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Combien:
    """Number of rows, and the smallest value of the field `depuis`."""

    ensemble: Ensemble
    depuis: str

    def ecrire(self) -> tuple[str, Sequence[Any], Lecteur]:
        sql, valeurs = self.ensemble().order_by().values_list(self.depuis).query.sql_with_params()
        return f"(SELECT jsonb_build_array(COUNT(*), MIN(e.v)) FROM ({sql}) AS e(v))", valeurs, _combien  # noqa: S608 (the compiler of Django wrote it)

    def lire_le_vide(self, _: Any) -> tuple[int, None]:
        return 0, None


@dataclass(frozen=True, slots=True)
class Rangees:
    """The rows in order, as dictionaries. `ensemble` must return a queryset of `values`."""

    ensemble: Ensemble

    def ecrire(self) -> tuple[str, Sequence[Any], Lecteur]:
        ensemble: QuerySet[Any, Any] = self.ensemble()
        compilateur = ensemble.query.get_compiler(connection=connection)
        sql, valeurs = compilateur.as_sql()
        jours = {
            nom: expression.output_field
            for expression, _, nom in compilateur.select
            if nom and isinstance(expression.output_field, DateField)
        }
        return (
            f"(SELECT jsonb_agg(to_jsonb(e)) FROM ({sql}) AS e)",  # noqa: S608 (the compiler of Django wrote it)
            valeurs,
            lambda t: _rangees(t or [], jours),
        )

    def lire_le_vide(self, _: Any) -> list[Rangee]:
        return []


def _combien(trouve: Any) -> tuple[int, datetime | None]:
    combien, depuis = trouve
    return combien, datetime.fromisoformat(depuis) if depuis else None


def _rangees(trouvees: list[Rangee], jours: dict[Any, Any]) -> list[Rangee]:
    """Convert dates and instants, which JSON gives as text."""
    return [
        {nom: jours[nom].to_python(v) if nom in jours else v for nom, v in une.items()} for une in trouvees
    ]


def sonder(cle: str, qui: int, sondes: Callable[[], Sequence[Sonde]]) -> list[Any]:
    """Return the result of each query, in one statement. `cle`: as for `ensembles.redire`."""
    lecteurs, trouves = redire_le_texte(cle, qui, lambda: _composer(sondes()))
    return [
        lire(json.loads(trouve) if isinstance(trouve, str) else trouve)
        for lire, trouve in zip(lecteurs, trouves, strict=True)
    ]


def _composer(sondes: Sequence[Sonde]) -> tuple[str, tuple[Any, ...], list[Lecteur]]:
    ecrites = [_ecrire(sonde) for sonde in sondes]
    return (
        f"SELECT {', '.join(sql for sql, _, _ in ecrites)}",
        tuple(valeur for _, valeurs, _ in ecrites for valeur in valeurs),
        [lire for _, _, lire in ecrites],
    )


def _ecrire(sonde: Sonde) -> tuple[str, Sequence[Any], Lecteur]:
    try:
        return sonde.ecrire()
    except EmptyResultSet:  # the query is known to be empty
        return "NULL::jsonb", (), sonde.lire_le_vide
