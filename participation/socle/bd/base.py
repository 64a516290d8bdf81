"""The database engine (settings.DATABASES): Django's own, which no longer sends SELECT 1 before each request's first query."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    health_check_done: bool

    def close_if_health_check_failed(self) -> None:
        """Ask the socket before asking the server: a server that stopped has said so, and an idle one says nothing.

        Anything heard while no query is under way is doubtful: Django's own check then decides.
        """
        if self.connection is not None and not self.health_check_done and _est_muette(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def _est_muette(connexion: Any) -> bool:
    if connexion.closed:
        return False
    ecoute = select.poll()
    ecoute.register(connexion.fileno(), select.POLLIN)
    return not ecoute.poll(0)
