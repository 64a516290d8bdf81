"""Many small queries in one statement: existence, count, oldest date, rows.

« Ma journée » needs some sixty, and the menu of every page a dozen. Django composes their SQL, which takes as long
as all the rest of a page: it is kept for the account that it was composed for, and for no other. No result is kept.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, QuerySet

Ensemble = Callable[[], "QuerySet[Any, Any]"]
Rangee = dict[str, Any]
Lecteur = Callable[[Any], Any]


# Statements kept at most by each process (some forty kilobytes each), and plans by each connection (a few megabytes
# for « Ma journée »).
GARDEES, PLANS = 500, 30
_ecrites: dict[tuple[Any, ...], "Composee"] = {}
_plans: WeakKeyDictionary[Any, dict[tuple[str, tuple[Any, ...]], str]] = WeakKeyDictionary()
_numeros = count(1)


class QuiDemande(Protocol):
    @property
    def pk(self) -> int: ...

    @property
    def droits(self) -> tuple[Any, ...]:
        """Rights held today, with the day."""


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
class CombienEtDepuis:
    """Number of rows, and the smallest value of the field `depuis` (an instant or a number)."""

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


def _combien(trouve: Any) -> tuple[int, Any]:
    combien, depuis = trouve
    return combien, datetime.fromisoformat(depuis) if isinstance(depuis, str) else depuis


def _rangees(trouvees: list[Rangee], jours: dict[Any, Any]) -> list[Rangee]:
    """Convert dates and instants, which JSON gives as text."""
    return [
        {nom: jours[nom].to_python(v) if nom in jours else v for nom, v in une.items()} for une in trouvees
    ]


def sonder(quoi: str, a_qui: QuiDemande, sondes: Callable[[], Sequence[Sonde]]) -> list[Any]:
    """Return the result of each query, in one statement.

    The SQL composed for this account is kept for it alone, as long as its rights and the day are the same. It must
    hold no hour and no result of another query, unless `quoi` says it.
    """
    cle = quoi, a_qui.pk, a_qui.droits
    ecrite = _ecrites.get(cle)
    if ecrite is None:
        if len(_ecrites) >= GARDEES:
            _ecrites.clear()
        ecrite = _ecrites[cle] = Composee(sondes(), a_qui.pk)
    return ecrite.demander()


class Composee:
    """A statement composed for one account, and planned once for each connection.

    In its text the number of the account is `$1`. Two accounts share a plan when the texts that were composed for
    each are the same: what differs in one is in its own text.
    """

    def __init__(self, sondes: Sequence[Sonde], numero: int) -> None:
        sql, valeurs, self.lecteurs = _composer(sondes)
        self.numero = numero
        self.texte, self.valeurs = _numeroter(sql, valeurs, numero)

    def demander(self) -> list[Any]:
        with connection.cursor() as curseur:
            self.executer(curseur)
            trouves = curseur.fetchone()
        return [
            lire(json.loads(trouve) if isinstance(trouve, str) else trouve)
            for lire, trouve in zip(self.lecteurs, trouves, strict=True)
        ]

    def executer(self, curseur: Any) -> None:
        noms = _plans.setdefault(connection.connection, {})
        nom = noms.get((self.texte, self.valeurs))
        if nom is not None:
            curseur.execute(f"EXECUTE {nom} (%s)", [self.numero])
            return
        oublis = "".join(f"DEALLOCATE {ancien}; " for ancien in noms.values()) if len(noms) >= PLANS else ""
        nom = f"sondes_{next(_numeros)}"
        prepare = f"{oublis}PREPARE {nom} (bigint) AS {self.texte}; EXECUTE {nom} (%s)"
        curseur.execute(prepare, [*self.valeurs, self.numero])
        while curseur.description is None and curseur.nextset():
            pass  # a driver may give the answer of each statement: the last one has the rows
        if oublis:
            noms.clear()
        noms[self.texte, self.valeurs] = nom

    def en_clair(self) -> tuple[str, tuple[Any, ...]]:
        """Return the statement as it is without a plan, and its values."""
        return self.texte.replace("$1", str(self.numero)), self.valeurs


def _numeroter(sql: str, valeurs: Sequence[Any], numero: int) -> tuple[str, tuple[Any, ...]]:
    """Write `$1` where a key is compared with this number. Returns the text and its other values."""
    reste, autres = iter(valeurs), []

    def remplacer(trou: re.Match[str]) -> str:
        if trou[0] == "%%":
            return trou[0]
        valeur = next(reste)
        if trou[1] and type(valeur) is int and valeur == numero:
            return f"{trou[1]}$1"
        autres.append(valeur)
        return trou[0]

    return re.sub(r'%%|([_"]id" = )?%s', remplacer, sql), tuple(autres)


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
