"""The database engine (settings.DATABASES): Django's own, less three things.

- Before the first query of a request, Django asks a connection kept open whether it lives: `SELECT 1`. Here its socket is asked.
- A server that is frozen makes Django wait for ever. In the web processes every wait has an end (`attente`).
- What writes the SQL does less for the same text (`compilateur`).

What each gives: docs/performances.md. `tests/socle/test_bd.py` cuts a connection, and compares the text with Django's.
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
        """In the web processes (settings.BASE_ATTENTE), a frozen server is an error after a moment, not a frozen site."""
        ouvrir = partial(super().get_new_connection, conn_params)
        return attente.ouvrir(ouvrir, settings.BASE_ATTENTE) if settings.BASE_ATTENTE else ouvrir()

    def close_if_health_check_failed(self) -> None:
        """Ask the socket before asking the server: a server that stopped has said so, and an idle one says nothing.

        Anything heard while no query is under way is doubtful: Django's own check then decides.
        """
        if self.connection is not None and not self.health_check_done and est_muette(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def est_muette(connexion: Any) -> bool:
    """Whether this connection of psycopg2 is open, and its server has said nothing since the last answer."""
    if connexion.closed:
        return False
    ecoute = select.poll()
    ecoute.register(connexion.fileno(), select.POLLIN)
    return not ecoute.poll(0)
