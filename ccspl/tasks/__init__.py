"""The clock of the CCSPL. Celery finds the tasks here, whatever the room."""

from typing import Any

from celery.schedules import crontab

from ccspl.tasks.vie import resumer_le_mois

__all__ = ["HORAIRE", "resumer_le_mois"]

HORAIRE: dict[str, dict[str, Any]] = {
    # Three days running: a breakdown on the first loses nothing, and a letter leaves once.
    "ccspl.resumer_le_mois": {
        "schedule": crontab(day_of_month="1-3", hour=8, minute=40),
        "options": {"expires": 3600},
    }
}
