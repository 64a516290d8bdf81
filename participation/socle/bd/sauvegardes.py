"""Savepoints that cost no journey of their own: each is said with the statement that comes next, and not at all where none comes.

An act is made of acts, each in its `atomic`: a third of what was sent to the server said where one begins and where it ends.
"""

from typing import Any

import psycopg2
from psycopg2 import extensions


class Attente(list[tuple[str, str]]):
    """What waits to be said on one connection: (verb, savepoint), in order."""

    def poser(self, point: str) -> None:
        self.append(("SAVEPOINT", point))

    def rendre(self, point: str) -> None:
        if self and self[-1] == ("SAVEPOINT", point):
            self.pop()  # nothing was done in it
        else:
            self.append(("RELEASE SAVEPOINT", point))

    def revenir(self, point: str) -> bool:
        """True where the server never heard of it: it is as if just set. Else what waits was done since, and is undone with the rest."""
        posee = ("SAVEPOINT", point)
        debut = self.index(posee) + 1 if posee in self else 0
        del self[debut:]
        return debut > 0

    def texte(self) -> str:
        return "".join(f"{verbe} {point}; " for verbe, point in self)


class Curseur(extensions.cursor):
    """A cursor of psycopg2 that says first what waits to be said."""

    attente: Attente | None = None
    _avant = b""

    def execute(self, requete: Any, valeurs: Any = None) -> None:
        if not self.attente or self.name is not None or not isinstance(requete, str):
            self._avant = b""
            self._dire()
            super().execute(requete, valeurs)
            return
        avant = self.attente.texte()
        self._avant = avant.encode()
        try:
            super().execute(avant + requete, valeurs)
        except psycopg2.Error as erreur:
            if erreur.pgcode:  # else nothing was sent
                self.attente.clear()
            raise
        self.attente.clear()

    def executemany(self, requete: Any, lignes: Any) -> None:
        self._dire()
        super().executemany(requete, lignes)

    def copy_expert(self, *args: Any, **options: Any) -> None:
        self._dire()
        super().copy_expert(*args, **options)

    def _dire(self) -> None:
        if self.attente:
            with self.connection.cursor() as curseur:
                curseur.execute(self.attente.texte())
            self.attente.clear()

    @property
    def query(self) -> bytes | None:
        """The statement alone, for who counts or reads them."""
        dite: bytes | None = super().query
        return dite.removeprefix(self._avant) if dite else dite
