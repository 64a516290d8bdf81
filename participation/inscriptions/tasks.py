"""Celery tasks of the registrations, and their timetable."""

from celery import shared_task
from celery.schedules import crontab

from participation.inscriptions import actes
from participation.socle.travaux.passages import LONGUE, Horaire


@shared_task(name="inscriptions.tenir_les_places")
def tenir_les_places() -> None:
    """Every minute: take back the seats whose offer lapsed, and give the free ones to who waits."""
    actes.tenir_les_places()


@shared_task(name="inscriptions.rappeler", **LONGUE)
def rappeler() -> None:
    """Every morning: remind who has a seat, at the steps of the règlement."""
    actes.rappeler()


HORAIRE: Horaire = {
    "inscriptions.tenir_les_places": (60.0, 60),
    "inscriptions.rappeler": (crontab(hour=8, minute=40), 36_000),
}
