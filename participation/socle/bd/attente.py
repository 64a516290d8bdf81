"""Bounded waits for the database, even if its server is frozen or unreachable.

`statement_timeout` is enforced by the server: a frozen server does not enforce it. Here the client enforces a
limit, by the hook that psycopg2 documents for this; with another driver, this module goes and `wsgi` loses a line.
"""

import select
import time
from typing import Any

from psycopg2 import OperationalError, extensions

CONNEXION = 2.0  # seconds to open a connection
REPOS = 2.0  # seconds without a new attempt after a failure, so that threads do not all wait
MARGE = 1.0  # seconds allowed beyond `statement_timeout`, which the server enforces first

_panne = {"jusqu_a": 0.0}


def attendre(connexion: Any, secondes: float) -> None:
    """Wait callback of psycopg2, like its own but with a limit. Raising in it closes the connection.

    A connection is refused at once during REPOS seconds after a wait without answer.
    """
    ouvre = connexion.status == extensions.STATUS_SETUP
    if ouvre and time.monotonic() < _panne["jusqu_a"]:
        raise OperationalError("La base ne répondait pas il y a un instant.")
    fin = time.monotonic() + (CONNEXION if ouvre else secondes + MARGE)
    while (etat := connexion.poll()) != extensions.POLL_OK:
        ecoute = select.poll()
        ecoute.register(connexion.fileno(), select.POLLIN if etat == extensions.POLL_READ else select.POLLOUT)
        reste = fin - time.monotonic()
        if reste <= 0 or not ecoute.poll(1000 * reste):
            _panne["jusqu_a"] = time.monotonic() + REPOS
            raise OperationalError("La base ne répond pas.")


def borner(secondes: float) -> None:
    """Bound every wait of this process. Called once, at the start of a web process (`wsgi`)."""
    extensions.set_wait_callback(lambda connexion: attendre(connexion, secondes))
