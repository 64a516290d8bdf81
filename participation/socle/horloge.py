"""Periodic tasks: the Celery beat scheduler, with the timetable that each app gives beside its tasks."""

import logging
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from celery.beat import PersistentScheduler
from django.apps import apps
from django.db import Error, connection
from django.utils import timezone

from participation.socle.models import Battement

journal = logging.getLogger(__name__)


def horaires() -> dict[str, dict[str, Any]]:
    """Return the `HORAIRE` of all installed apps, in the form of beat: name → task, schedule, options."""
    modules = [f"{app.name}.tasks" for app in apps.get_app_configs()]
    tables = [getattr(import_module(nom), "HORAIRE", {}) for nom in modules if find_spec(nom) is not None]
    return {tache: {"task": tache, **passage} for table in tables for tache, passage in table.items()}


class Horloge(PersistentScheduler):
    """Celery beat, which also records that it is alive: no request can see whether it runs."""

    ENTRE_DEUX_SIGNES = 30.0  # seconds
    dernier_signe = 0.0

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = horaires()
        super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self.dernier_signe > self.ENTRE_DEUX_SIGNES:
            self.dernier_signe = time.monotonic()
            self._signaler()
        return super().tick(*args, **kwargs)

    def _signaler(self) -> None:
        try:
            Battement.objects.update_or_create(nom="horloge", defaults={"le": timezone.now()})
        except Error as erreur:
            journal.warning("L’horloge ne peut pas écrire son signe de vie : %s", erreur)
        finally:
            connection.close()
