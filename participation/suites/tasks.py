"""Periodic task of the suites: ask who asked whether it is done."""

from celery import shared_task
from celery.schedules import crontab

from participation.socle.travaux.passages import LONGUE, Horaire
from participation.suites import verdicts


@shared_task(name="suites.solliciter_chaque_annee", **LONGUE)
def solliciter_chaque_annee() -> None:
    """Ask once a year about what is not done yet (every morning)."""
    verdicts.solliciter_chaque_annee()


HORAIRE: Horaire = {"suites.solliciter_chaque_annee": (crontab(hour=8, minute=10), 36_000)}
