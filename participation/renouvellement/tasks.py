"""What the clock does for a renewal: close the call at its date, forget what was never confirmed."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.renouvellement.actions import campagne, candidatures


@shared_task(name="renouvellement.clore_appels")
def clore_appels() -> None:
    campagne.clore_appels()


@shared_task(name="renouvellement.purger_candidatures")
def purger_candidatures() -> None:
    candidatures.purger_candidatures()


HORAIRE: dict[str, dict[str, Any]] = {
    "renouvellement.clore_appels": {"schedule": 300.0, "options": {"expires": 300}},
    "renouvellement.purger_candidatures": {
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
}
