"""Periodic tasks of a renewal: close calls, write due letters."""

from celery import shared_task
from celery.schedules import crontab

from participation.renouvellement.campagne import actes as campagne
from participation.renouvellement.candidatures import actes as candidatures
from participation.socle.travaux.passages import LONGUE, Horaire


@shared_task(name="renouvellement.clore_appels")
def clore_appels() -> None:
    campagne.clore_appels()


@shared_task(name="renouvellement.ecrire_lettres_dues", **LONGUE)
def ecrire_lettres_dues() -> None:
    candidatures.ecrire_lettres_dues()


HORAIRE: Horaire = {
    "renouvellement.clore_appels": (300.0, 300),
    "renouvellement.ecrire_lettres_dues": (crontab(minute=27), 3600),
}
