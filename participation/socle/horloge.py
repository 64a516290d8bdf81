"""The clock: what Celery's beat runs, by the timetable that each app states beside its tasks."""

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
    """The `HORAIRE` of the `tasks` of all installed apps, as beat wants it: name → task, schedule, options.

    `expires` among the options: what waited longer than its period is done by the next one.
    """
    modules = [f"{app.name}.tasks" for app in apps.get_app_configs()]
    tables = [getattr(import_module(nom), "HORAIRE", {}) for nom in modules if find_spec(nom) is not None]
    return {tache: {"task": tache, **passage} for table in tables for tache, passage in table.items()}


class Horloge(PersistentScheduler):
    """Beat, that also leaves a sign of life: no request can see whether it runs."""

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
