"""Periodic tasks of a renewal: close calls, write due letters."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.renouvellement.campagne import actes as campagne
from participation.renouvellement.candidatures import actes as candidatures
from participation.socle.travaux.passages import LONGUE


@shared_task(name="renouvellement.clore_appels")
def clore_appels() -> None:
    campagne.clore_appels()


@shared_task(name="renouvellement.ecrire_lettres_dues", **LONGUE)
def ecrire_lettres_dues() -> None:
    candidatures.ecrire_lettres_dues()


HORAIRE: dict[str, dict[str, Any]] = {
    "renouvellement.clore_appels": {"schedule": 300.0, "options": {"expires": 300}},
    "renouvellement.ecrire_lettres_dues": {"schedule": crontab(minute=27), "options": {"expires": 3600}},
}
