"""Periodic task of the CCSPL: the letter of the month."""

from celery import shared_task
from celery.schedules import crontab

from ccspl import resume
from participation.socle.travaux.passages import LONGUE, Horaire


@shared_task(name="ccspl.resumer_le_mois", **LONGUE)
def resumer_le_mois() -> None:
    """Write the letters of the past month. Safe to run again."""
    resume.ecrire_resumes()


HORAIRE: Horaire = {
    # On three days: if the first run fails, the next one sends the letters, each of them once.
    "ccspl.resumer_le_mois": (crontab(day_of_month="1-3", hour=8, minute=40), 36_000)
}
