"""What the clock does: erase the addresses that are no longer of use. Reminders are those of all échéances."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.suites import actions


@shared_task(name="suites.purger_abonnements")
def purger_abonnements() -> None:
    """Every night."""
    actions.purger_abonnements()


HORAIRE: dict[str, dict[str, Any]] = {"suites.purger_abonnements": {"schedule": crontab(hour=4, minute=40)}}
