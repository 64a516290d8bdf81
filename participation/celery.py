"""The Celery application: tasks are found in each app's `tasks.py`."""

import logging
import os
import time
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")

app = Celery("participation")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

journal = logging.getLogger(__name__)


class Horloge(PersistentScheduler):
    """Beat, that also leaves a sign of life: no request can see whether it runs."""

    ENTRE_DEUX_SIGNES = 30.0  # seconds
    dernier_signe = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() - self.dernier_signe > self.ENTRE_DEUX_SIGNES:
            self.dernier_signe = time.monotonic()
            self._signaler()
        return super().tick(*args, **kwargs)

    def _signaler(self) -> None:
        from django.db import Error, connection
        from django.utils import timezone

        from participation.socle.models import Battement

        try:
            Battement.objects.update_or_create(nom="horloge", defaults={"le": timezone.now()})
        except Error as erreur:
            journal.warning("L’horloge ne peut pas écrire son signe de vie : %s", erreur)
        finally:
            connection.close()
