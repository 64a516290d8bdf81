"""Advisory locks of PostgreSQL: one at a time, whatever the number of processes or machines."""

import zlib

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
