"""The clock and the workers: numbers in, one action called. Every task may run twice."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab
from celery.signals import worker_ready
from django.conf import settings
from django.db import connection
from django.utils import timezone

from participation.socle.actions import (
    comptes,
    conservation,
    courriels,
    courriers,
    documents,
    examens,
    exports,
    rappels,
)
from participation.socle.models import Battement
from participation.socle.views.exports import rejouer, rejouer_public

PDF_PAR_NUIT = 5000  # what a night has the time for


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
def ecrire_export(numero: int) -> None:
    exports.ecrire_export(numero, rejouer)


@shared_task
def ecrire_fichier_public(adresse: str) -> None:
    rejouer_public(adresse)


@shared_task
def balayer_exports() -> None:
    """Every minute: tables asked for, that nobody is writing."""
    for numero in exports.exports_abandonnes():
        exports.ecrire_export(numero, rejouer)


@shared_task
def effacer_exports() -> None:
    """Every hour: tables kept long enough."""
    exports.effacer_exports()


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


@shared_task
def purger_courriels() -> None:
    """Every night: letters kept longer than their règlement says, and the files of courriers printed together and posted."""
    conservation.purger_courriels()
    courriers.effacer_impressions()


@shared_task
def examiner_pdf() -> None:
    """Every night: PDFs joined before the present check of what they do."""
    examens.examiner_pdf(PDF_PAR_NUIT)


# Task → when. A task that waited longer than `expires` seconds is done by the next one; one of each day waits ten hours for a worker.
HORAIRE: dict[str, dict[str, Any]] = {
    "participation.socle.tasks.balayer_courriels": {"schedule": 30.0, "options": {"expires": 30}},
    "participation.socle.tasks.balayer_documents": {"schedule": 60.0, "options": {"expires": 60}},
    "participation.socle.tasks.balayer_exports": {"schedule": 60.0, "options": {"expires": 60}},
    "participation.socle.tasks.effacer_exports": {
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "participation.socle.tasks.battre": {"schedule": 60.0, "options": {"expires": 60}},
    "participation.socle.tasks.rappeler_echeances": {
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "participation.socle.tasks.effacer_sessions": {
        "schedule": crontab(hour=3, minute=20),
        "options": {"expires": 36_000},
    },
    "participation.socle.tasks.purger_courriels": {
        "schedule": crontab(hour=4, minute=50),
        "options": {"expires": 36_000},
    },
    "participation.socle.tasks.examiner_pdf": {
        "schedule": crontab(hour=5, minute=10),
        "options": {"expires": 3600},
    },
}
