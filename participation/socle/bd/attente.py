"""How long the site waits for its database: a server that is frozen, or cut off, never answers and never says so.

`statement_timeout` is kept by the server itself: frozen, it keeps nothing. Here the client looks at the clock.
"""

import select
import time
from collections.abc import Callable
from typing import Any

from psycopg2 import OperationalError, extensions

CONNEXION = 2.0  # seconds to open a connection
REPOS = 2.0  # seconds without a try once it did not answer: the threads of the site are not all spent waiting
MARGE = 1.0  # what a statement may last beyond its own limit, that the server tells

_panne = {"jusqu_a": 0.0}


def attendre(connexion: Any, secondes: float) -> None:
    """The wait callback of psycopg2: as its own, with an end. What it raises closes the connection."""
    ouvre = connexion.status == extensions.STATUS_SETUP
    fin = time.monotonic() + (CONNEXION if ouvre else secondes + MARGE)
    while (etat := connexion.poll()) != extensions.POLL_OK:
        ecoute = select.poll()
        ecoute.register(connexion.fileno(), select.POLLIN if etat == extensions.POLL_READ else select.POLLOUT)
        reste = fin - time.monotonic()
        if reste <= 0 or not ecoute.poll(1000 * reste):
            _panne["jusqu_a"] = time.monotonic() + REPOS
            raise OperationalError("La base ne répond pas.")


def ouvrir(connecter: Callable[[], Any], secondes: float) -> Any:
    """A new connection whose every wait has an end; refused at once for a moment after one that had no answer."""
    if time.monotonic() < _panne["jusqu_a"]:
        raise OperationalError("La base ne répondait pas il y a un instant.")
    extensions.set_wait_callback(lambda connexion: attendre(connexion, secondes))
    return connecter()
