"""The clock and the workers: numbers in, one action called. Every task may run twice."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from celery.signals import worker_ready
from django.conf import settings
from django.db import connection
from django.utils import timezone

from participation.socle.actions import comptes, courriels, documents, rappels
from participation.socle.models import Battement


@shared_task
def envoyer_courriels(numeros: list[int]) -> None:
    courriels.envoyer(numeros)


@shared_task
def balayer_courriels() -> None:
    """Every 30 seconds: letters that a dead worker or a lost broker left behind."""
    courriels.balayer(settings.COURRIEL_BALAYAGE)


@shared_task
def fabriquer_document(numero: int) -> None:
    documents.fabriquer_document(numero)


@shared_task
def balayer_documents() -> None:
    """Every minute: documents asked for, that nobody is making."""
    documents.balayer_documents()


@shared_task
def rappeler_echeances() -> None:
    """Every hour: who owes something is told in time, once a step."""
    rappels.rappeler_echeances()


@shared_task
def battre() -> None:
    """Every minute: the worker says that it is alive."""
    Battement.objects.update_or_create(nom="worker", defaults={"le": timezone.now()})


@worker_ready.connect
def battre_au_depart(**kwargs: Any) -> None:
    """Without waiting for the first minute. Its processes must not inherit the connection."""
    battre()
    connection.close()


@shared_task
def effacer_sessions() -> None:
    """Every night: what is no longer of use about who was connected from where."""
    comptes.effacer_sessions()


# Task → when. A task that waited longer than `expires` seconds is done by the next one.
HORAIRE: dict[str, dict[str, Any]] = {
    "participation.socle.tasks.balayer_courriels": {"schedule": 30.0, "options": {"expires": 30}},
    "participation.socle.tasks.balayer_documents": {"schedule": 60.0, "options": {"expires": 60}},
    "participation.socle.tasks.battre": {"schedule": 60.0, "options": {"expires": 60}},
    "participation.socle.tasks.rappeler_echeances": {
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "participation.socle.tasks.effacer_sessions": {
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 3600},
    },
}
