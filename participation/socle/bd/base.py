"""The database engine (settings.DATABASES): Django's own, which no longer sends SELECT 1 before each request's first query, and
writes its SQL quicker (`compilateur`), and sends no savepoint alone (`sauvegardes`)."""

import select
from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base, operations

from participation.socle.bd import attente
from participation.socle.bd.sauvegardes import Attente, Curseur


class Operations(operations.DatabaseOperations):
    compiler_module = "participation.socle.bd.compilateur"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = Operations
    health_check_done: bool

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.attente = Attente()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """In the web processes (settings.BASE_ATTENTE), a frozen server is an error after a moment, not a frozen site."""
        ouvrir = partial(super().get_new_connection, conn_params)
        connexion = attente.ouvrir(ouvrir, settings.BASE_ATTENTE) if settings.BASE_ATTENTE else ouvrir()
        connexion.cursor_factory = Curseur
        return connexion

    def connect(self) -> None:
        self.attente.clear()
        super().connect()

    def create_cursor(self, name: str | None = None) -> Any:
        curseur = super().create_cursor(name)
        curseur.attente = self.attente
        return curseur

    def _savepoint(self, sid: str) -> None:
        self.attente.poser(self.ops.quote_name(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self.attente.rendre(self.ops.quote_name(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        if not self.attente.revenir(self.ops.quote_name(sid)):
            super()._savepoint_rollback(sid)  # type: ignore[misc]  # the stubs leave it out

    def _commit(self) -> None:
        self.attente.clear()
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self.attente.clear()
        super()._rollback()  # type: ignore[misc]

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
