"""Periodic tasks: the Celery beat scheduler, with the timetable that each app gives beside its tasks."""

import logging
import time
from collections.abc import Callable
from typing import Any

from celery.beat import PersistentScheduler
from django.db import Error, connection
from django.utils import timezone

from participation.socle.models import Battement
from participation.socle.travaux import passages

journal = logging.getLogger(__name__)


class Horloge(PersistentScheduler):
    """Celery beat, which also records that it is alive: no request can see whether it runs."""

    ENTRE_DEUX_SIGNES = 30  # seconds
    # It sleeps no longer, whatever is due: of a clock that went back two days, it would see nothing for five minutes.
    max_interval = ENTRE_DEUX_SIGNES
    dernier_signe = 0.0

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = passages.horaires()
        super().setup_schedule()
        self._revenir_du_futur()
        self._ecrire(passages.annoncer_les_periodiques)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self.dernier_signe > self.ENTRE_DEUX_SIGNES:
            self.dernier_signe = time.monotonic()
            self._revenir_du_futur()
            self._ecrire(self._signaler)
        return super().tick(*args, **kwargs)

    def _revenir_du_futur(self) -> None:
        """Run what was last run at a time to come: the clock had jumped ahead, and it would wait until then."""
        maintenant = self.app.now()
        sautees = [e for e in self.schedule.values() if e.last_run_at and e.last_run_at > maintenant]
        for entree in sautees:
            entree.last_run_at = maintenant
        if sautees:
            journal.warning("L’heure a reculé : %d tâches reprennent leur rythme.", len(sautees))
            self.populate_heap()
            self.sync()

    def _signaler(self) -> None:
        passages.revenir_du_futur()
        Battement.objects.update_or_create(nom="horloge", defaults={"le": timezone.now()})

    def _ecrire(self, ecrire: Callable[[], None]) -> None:
        try:
            ecrire()
        except Error as erreur:
            journal.warning("L’horloge ne peut pas écrire son signe de vie : %s", erreur)
        finally:
            connection.close()
