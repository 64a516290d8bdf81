"""Statements that the server plans once for each connection: those whose planning costs more than their work.

psycopg2 sends a text that PostgreSQL plans anew each time: a quarter of a signature (`Preparee`), an eighth of a page of the office
(`Planifiee`), 25 ms of « Ma journée » (docs/performances.md). `tests/socle/test_bd.py` says what is sent, and that rows are Django's.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection
from psycopg2.extensions import AsIs

Valeur = bool | int | str | date | None
# The number of nobody, in a statement written for all: no row has it.
PERSONNE = -(2**62)
# What one connection knows: how long all its texts (a hundred bytes of plan for each letter of them).
PLACE = 400_000
# By connection of psycopg2: a new one knows nothing.
_connues: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
# The name under which it knows it; empty: asked once, and not prepared.
_planifiees: WeakKeyDictionary[Any, dict["Planifiee", str]] = WeakKeyDictionary()
_noms = count(1)


class Preparee:
    """`requete` names its values as psycopg does, %(so)s; `types` says the type of each in SQL.

    PREPARE is of the session: a pooler that shares connections between transactions would lose it.
    """

    def __init__(self, nom: str, requete: str, types: Mapping[str, str]) -> None:
        self.nom, self.champs = nom, tuple(types)
        numerotee = requete % {champ: f"${rang}" for rang, champ in enumerate(self.champs, 1)}
        self.preparation = f"PREPARE {nom} ({', '.join(types.values())}) AS {numerotee}"
        self.execution = f"EXECUTE {nom} ({', '.join(f'%({champ})s' for champ in self.champs)})"

    def __call__(self, valeurs: Mapping[str, Valeur]) -> int:
        """How many rows were written."""
        with connection.cursor() as curseur:
            connues = _connues.setdefault(connection.connection, set())
            if self.nom not in connues:
                curseur.execute(self.preparation)
                connues.add(self.nom)
            curseur.execute(self.execution, valeurs)
            return int(curseur.rowcount)


class Planifiee:
    """A SELECT about one whole number (`PERSONNE` among `valeurs`), planned by each connection that asks it a second time.

    What prepares it goes with what asks it: no journey of its own. The other values are in the plan, which sees what they are.
    """

    def __init__(self, sujet: str, requete: str, valeurs: Sequence[Any]) -> None:
        self.sujet, self.requete, self.valeurs = sujet, requete, tuple(valeurs)

    def __call__(self, numero: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as curseur:
            self.demander(curseur, numero)
            return curseur.fetchall()  # type: ignore[no-any-return]

    def demander(self, curseur: Any, numero: int) -> None:
        siennes = _planifiees.setdefault(connection.connection, {})
        nom = siennes.get(self)
        if nom:
            try:
                curseur.execute(f"EXECUTE {nom} (%s)", [numero])
            except NotSupportedError:  # a column has another type since
                del siennes[self]
                raise
        elif nom is None:
            place = _faire_place(siennes, len(self.requete))
            siennes[self] = ""
            curseur.execute(place + self.requete, self._avec(numero))
        else:
            # A name that has never served: of one that failed, nobody knows whether the server keeps it.
            nom = f"{self.sujet[:40]}_{next(_noms)}"
            numerotee = curseur.mogrify(self.requete, self._avec(AsIs("$1"))).decode()
            execution = curseur.mogrify(f"EXECUTE {nom} (%s)", [numero]).decode()
            curseur.execute(f"PREPARE {nom} (bigint) AS {numerotee}; {execution}")
            siennes[self] = nom

    def _avec(self, numero: Any) -> list[Any]:
        return [numero if valeur == PERSONNE else valeur for valeur in self.valeurs]


def _faire_place(siennes: dict[Planifiee, str], taille: int) -> str:
    """What the connection says before a text that it has no room for: it forgets all of them, and plans again what is asked again."""
    if sum(len(planifiee.requete) for planifiee in siennes) + taille <= PLACE:
        return ""
    oublis = "".join(f"DEALLOCATE {nom}; " for nom in siennes.values() if nom)
    siennes.clear()
    return oublis
