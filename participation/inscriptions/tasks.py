"""Celery tasks of the registrations, and their timetable."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.inscriptions import actes
from participation.socle.travaux.passages import LONGUE


@shared_task(name="inscriptions.tenir_les_places")
def tenir_les_places() -> None:
    """Every minute: take back the seats whose offer lapsed, and give the free ones to who waits."""
    actes.tenir_les_places()


@shared_task(name="inscriptions.rappeler", **LONGUE)
def rappeler() -> None:
    """Every morning: remind who has a seat, at the steps of the règlement."""
    actes.rappeler()


HORAIRE: dict[str, dict[str, Any]] = {
    "inscriptions.tenir_les_places": {"schedule": 60.0, "options": {"expires": 60}},
    "inscriptions.rappeler": {"schedule": crontab(hour=8, minute=40), "options": {"expires": 36_000}},
}
