"""Statements that the server plans once for each connection: for the few whose planning costs more than their work."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

Valeur = bool | int | str | date | None
# By connection of psycopg2: a new one knows nothing.
_connues: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


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
