"""The watchman of a worker: a thread of its main process that says that it works, and stops it when it does not.

A worker that takes nothing while work waits is of no use, whatever the reason (a broker that froze, a lost
subscription). It stops at once; its supervisor (systemd, `make run`) starts another, and the sweeps take up what
it held.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable
from typing import Any, NoReturn

from celery import current_app
from celery.signals import task_received, worker_init, worker_ready
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from participation.socle.fichiers import partage
from participation.socle.models import Battement

journal = logging.getLogger(__name__)


ENTRE_DEUX = 10.0  # seconds between two signs of life


class Veilleur(threading.Thread):
    """Writes a sign of life while the worker works; ends the process after WORKER_MUET seconds of silence."""

    def __init__(self, files: Iterable[str], processus: int) -> None:
        super().__init__(name="veilleur", daemon=True)
        self.files, self.processus = sorted(files), processus
        self.nom = settings.FILE_CODES if self.files == [settings.FILE_CODES] else "worker"
        self.recues, self.vues = 0, 0
        self.depuis = time.monotonic()  # the last moment when all was well

    def run(self) -> None:
        pas = min(ENTRE_DEUX, settings.WORKER_MUET / 3)
        while True:
            self.regarder()
            time.sleep(pas)

    def regarder(self) -> None:
        try:
            travaille = self.travaille()
        except Exception as erreur:
            # No broker: another process would not find it either. Nothing is written, so `/sante` says it.
            journal.warning("Le veilleur ne peut pas compter ce qui attend : %s", erreur)
            self.depuis = time.monotonic()
            return
        if travaille:
            self.depuis = time.monotonic()
            self._signaler()
        elif time.monotonic() - self.depuis > settings.WORKER_MUET:
            self._finir()

    def travaille(self) -> bool:
        """Whether it took a task since last time, or has none to take, or no process to do it."""
        from celery.worker import state  # loaded in a worker only

        recues, self.vues = self.recues > self.vues, self.recues
        return recues or len(state.reserved_requests) >= self.processus or not self.en_attente()

    def en_attente(self) -> int:
        """Return how many tasks wait in the queues of this worker."""
        with current_app.connection_for_read() as courtier, courtier.channel() as canal:
            liees: list[Any] = [current_app.amqp.queues[file].bind(canal) for file in self.files]
            return sum(liee.queue_declare().message_count for liee in liees)

    def _signaler(self) -> None:
        try:
            Battement.objects.update_or_create(nom=self.nom, defaults={"le": timezone.now()})
        except Error as erreur:
            journal.warning("Le worker ne peut pas écrire son signe de vie : %s", erreur)
        finally:
            connection.close()

    def _finir(self) -> NoReturn:
        journal.critical("Du travail attend, et ce worker n’en prend plus : il s’arrête pour être relancé.")
        logging.shutdown()
        os._exit(1)


@worker_init.connect
def verifier_le_dossier(**options: Any) -> None:
    """Refuse to start on a folder of files that is not that of the database."""
    reproche = partage.marquer()
    connection.close()  # the processes of the worker must not inherit it
    if reproche:
        raise SystemExit(reproche)


@worker_ready.connect
def veiller(sender: Any, **options: Any) -> None:
    veilleur = Veilleur(current_app.amqp.queues.consume_from, sender.controller.concurrency)

    def compter(**options: Any) -> None:
        veilleur.recues += 1

    task_received.connect(compter, weak=False)
    veilleur.start()
