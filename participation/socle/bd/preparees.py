"""Statements that the server plans once for each connection, when planning costs more than execution.

psycopg2 sends plain SQL, which PostgreSQL plans each time. Planning takes a quarter of a signature
(`Preparee`), an eighth of a back-office page (`Planifiee`), 25 ms of « Ma journée » (docs/performances.md).
`tests/socle/test_bd.py` checks what is sent, and compares the rows with Django's.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import NotSupportedError, connection
from psycopg2.extensions import AsIs

Valeur = bool | int | str | date | None
# Placeholder number in a statement written for all accounts. No row has this number.
PERSONNE = -(2**62)
# Maximum total length of the statements prepared on a connection, in characters (a plan takes a hundred bytes
# for each).
PLACE = 400_000
# Names of the statements prepared on each psycopg2 connection.
_connues: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
# Name of each statement on each connection; empty: executed once, not prepared yet.
_planifiees: WeakKeyDictionary[Any, dict["Planifiee", str]] = WeakKeyDictionary()
_noms = count(1)


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


class Planifiee:
    """A SELECT for one integer (`PERSONNE` in `valeurs`), prepared at its second use on each connection.

    PREPARE and EXECUTE are sent together, without another round trip. The other values are constants in the
    plan.
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
            # Always a new name: after a failed PREPARE, we do not know whether the server kept the name.
            nom = f"{self.sujet[:40]}_{next(_noms)}"
            numerotee = curseur.mogrify(self.requete, self._avec(AsIs("$1"))).decode()
            execution = curseur.mogrify(f"EXECUTE {nom} (%s)", [numero]).decode()
            curseur.execute(f"PREPARE {nom} (bigint) AS {numerotee}; {execution}")
            siennes[self] = nom

    def _avec(self, numero: Any) -> list[Any]:
        return [numero if valeur == PERSONNE else valeur for valeur in self.valeurs]


def _faire_place(siennes: dict[Planifiee, str], taille: int) -> str:
    """Return the DEALLOCATE statements to send first if there is no room for one more statement.

    All the statements of the connection are then forgotten, and prepared again when needed.
    """
    if sum(len(planifiee.requete) for planifiee in siennes) + taille <= PLACE:
        return ""
    oublis = "".join(f"DEALLOCATE {nom}; " for nom in siennes.values() if nom)
    siennes.clear()
    return oublis
