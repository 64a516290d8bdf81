"""The clock of the CCSPL: what it does for those who read the commission from afar."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from ccspl.actions import vie


@shared_task(name="ccspl.resumer_le_mois")
def resumer_le_mois() -> None:
    """The first days of the month: what a breakdown kept from leaving on the first leaves on the next, once."""
    vie.ecrire_resumes()


HORAIRE: dict[str, dict[str, Any]] = {
    # Three days running: a breakdown on the first loses nothing, and a letter leaves once.
    "ccspl.resumer_le_mois": {
        "schedule": crontab(day_of_month="1-3", hour=8, minute=40),
        "options": {"expires": 36_000},
    }
}
