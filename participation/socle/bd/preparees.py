"""Statements that the server plans once for each connection: for the few whose planning costs more than their work."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection

Valeur = bool | int | str | date | None
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
    """A SELECT about one whole number, its only %s, planned by each connection that asks it a second time.

    What prepares it goes with what asks it: no journey of its own.
    """

    def __init__(self, sujet: str, requete: str) -> None:
        self.sujet, self.requete = sujet, requete
        self.numerotee = requete.replace("%s", "$1")

    def __call__(self, numero: int) -> list[tuple[Any, ...]]:
        with connection.cursor() as curseur:
            siennes = _planifiees.setdefault(connection.connection, {})
            nom = siennes.get(self)
            if nom:
                try:
                    curseur.execute(f"EXECUTE {nom} (%s)", [numero])
                except NotSupportedError:  # a column has another type since
                    del siennes[self]
                    raise
            elif nom is None:
                siennes[self] = ""
                curseur.execute(self.requete, [numero])
            else:
                # A name that has never served: of one that failed, nobody knows whether the server keeps it.
                nom = f"{self.sujet[:40]}_{next(_noms)}"
                preparation = f"PREPARE {nom} (bigint) AS {self.numerotee}"
                curseur.execute(f"{preparation}; EXECUTE {nom} (%s)", [numero])
                siennes[self] = nom
            return curseur.fetchall()  # type: ignore[no-any-return]
