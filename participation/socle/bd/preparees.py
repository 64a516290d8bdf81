"""Write statements that the server plans once for each connection: a signature and a ballot.

The driver sends plain SQL, which PostgreSQL plans each time. Planning takes a quarter of a signature
(docs/performances.md). `tests/socle/bd/test_bd.py` checks what is sent.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

Valeur = bool | int | str | date | None
# Names of the statements prepared on each connection of the driver.
_connues: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Preparee:
    """A write statement, prepared at its first use on each connection.

    `requete` has its values in the form %(nom)s; `types` gives the SQL type of each.
    PREPARE belongs to the session: it does not work behind a pooler that shares connections between
    transactions.
    """

    def __init__(self, nom: str, requete: str, types: Mapping[str, str]) -> None:
        self.nom, self.champs = nom, tuple(types)
        numerotee = requete % {champ: f"${rang}" for rang, champ in enumerate(self.champs, 1)}
        self.preparation = f"PREPARE {nom} ({', '.join(types.values())}) AS {numerotee}"
        self.execution = f"EXECUTE {nom} ({', '.join(f'%({champ})s' for champ in self.champs)})"

    def __call__(self, valeurs: Mapping[str, Valeur]) -> int:
        """Execute the statement. Returns the number of rows written."""
        with connection.cursor() as curseur:
            connues = _connues.setdefault(connection.connection, set())
            if self.nom not in connues:
                curseur.execute(self.preparation)
                connues.add(self.nom)
            curseur.execute(self.execution, valeurs)
            return int(curseur.rowcount)
