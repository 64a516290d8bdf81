"""Advisory locks of PostgreSQL, shared by all processes and machines."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def _cle(nom: str) -> int:
    return zlib.crc32(nom.encode())


def verrou(nom: str) -> None:
    """Wait for the lock `nom`, and hold it until the end of the current transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_cle(nom)])


def verrou_libre(nom: str) -> bool:
    """Take the lock `nom` until the end of the transaction. Return False at once if it is held."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [_cle(nom)])
        (pris,) = curseur.fetchone()
    return bool(pris)


@contextmanager
def verrou_de_session(nom: str) -> Iterator[bool]:
    """Hold the lock `nom` over several transactions; yield False at once if it is held elsewhere.

    PostgreSQL releases it when the connection ends, for example when the process is killed.
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
