"""The clock of the CCSPL. Celery finds the tasks here, whatever the room."""

from typing import Any

from celery.schedules import crontab

from ccspl.tasks.renouvellement import clore_appels, purger_candidatures
from ccspl.tasks.vie import resumer_le_mois

__all__ = ["HORAIRE", "clore_appels", "purger_candidatures", "resumer_le_mois"]

HORAIRE: dict[str, dict[str, Any]] = {
    # Three days running: a breakdown on the first loses nothing, and a letter leaves once.
    "ccspl.resumer_le_mois": {
        "schedule": crontab(day_of_month="1-3", hour=8, minute=40),
        "options": {"expires": 3600},
    },
    "ccspl.clore_appels": {"schedule": 300.0, "options": {"expires": 300}},
    "ccspl.purger_candidatures": {"schedule": crontab(hour=3, minute=40), "options": {"expires": 3600}},
}
