"""Celery tasks of the rencontres and their schedule. Each calls one action and may run twice."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.rencontres.inscriptions import actes as inscriptions
from participation.socle.travaux.passages import LONGUE


@shared_task(name="rencontres.tenir_les_places")
def tenir_les_places() -> None:
    """Every minute: take back the seats whose offer lapsed, and offer the free ones to who waits."""
    inscriptions.tenir_les_places()


@shared_task(name="rencontres.rappeler", **LONGUE)
def rappeler() -> None:
    """Every morning: remind who has a seat, at the steps of the règlement."""
    inscriptions.rappeler()


HORAIRE: dict[str, dict[str, Any]] = {
    "rencontres.tenir_les_places": {"schedule": 60.0, "options": {"expires": 60}},
    "rencontres.rappeler": {"schedule": crontab(hour=8, minute=40), "options": {"expires": 36_000}},
}
