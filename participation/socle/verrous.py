"""Advisory locks of PostgreSQL: one at a time, whatever the number of processes or machines."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def _cle(nom: str) -> int:
    return zlib.crc32(nom.encode())


def verrou(nom: str) -> None:
    """Wait for the lock `nom`, held until the end of the current transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_cle(nom)])


def verrou_libre(nom: str) -> bool:
    """Take the lock `nom` until the end of the transaction if nobody holds it; False at once otherwise."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [_cle(nom)])
        (pris,) = curseur.fetchone()
    return bool(pris)


@contextmanager
def verrou_de_session(nom: str) -> Iterator[bool]:
    """Take the lock `nom` for a piece of work that holds several transactions; yields False at once if it is taken.

    PostgreSQL lets go of it when the connection ends: a process that was killed holds nothing.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s)", [_cle(nom)])
        (pris,) = curseur.fetchone()
    try:
        yield bool(pris)
    finally:
        if pris:
            with connection.cursor() as curseur:
                curseur.execute("SELECT pg_advisory_unlock(%s)", [_cle(nom)])
