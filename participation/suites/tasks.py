"""Periodic task: erase the addresses of subscriptions that are no longer used. Reminders are sent by the socle."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.socle.passages import LONGUE
from participation.suites.abonnements import actes as abonnements


@shared_task(name="suites.purger_abonnements", **LONGUE)
def purger_abonnements() -> None:
    """Every night: see `abonnements.actes`."""
    abonnements.purger_abonnements()


HORAIRE: dict[str, dict[str, Any]] = {"suites.purger_abonnements": {"schedule": crontab(hour=4, minute=40)}}
