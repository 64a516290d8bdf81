"""Database engine (settings.DATABASES): Django's own, with three changes.

- Before the first query of a request, Django checks a kept connection with `SELECT 1`. Here its socket is
checked first.
- If the server is frozen, Django waits for ever. In the web processes every wait is bounded (`attente`).
- The compiler writes the same SQL with less work (`compilateur`).

The gains are in docs/performances.md. `tests/socle/test_bd.py` cuts a connection, and compares the SQL with
Django's.
"""

import select
from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, operations

from participation.socle.bd import attente


class Operations(operations.DatabaseOperations):
    compiler_module = "participation.socle.bd.compilateur"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations
    health_check_done: bool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection; its waits are bounded in the web processes (settings.BASE_ATTENTE)."""
        ouvrir = partial(super().get_new_connection, conn_params)
        return attente.ouvrir(ouvrir, settings.BASE_ATTENTE) if settings.BASE_ATTENTE else ouvrir()

    def close_if_health_check_failed(self) -> None:
        """Skip the query of Django if the socket of the connection is silent.

        A server that stopped has written to the socket or closed it. If anything was received while no query
        was running, Django runs its own check.
        """
        if self.connection is not None and not self.health_check_done and est_muette(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def est_muette(connexion: Any) -> bool:
    """Whether this psycopg2 connection is open and has received nothing since the last answer."""
    if connexion.closed:
        return False
    ecoute = select.poll()
    ecoute.register(connexion.fileno(), select.POLLIN)
    return not ecoute.poll(0)
