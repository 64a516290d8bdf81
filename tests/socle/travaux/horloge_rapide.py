"""Celery beat with a period of one second: `celery -A tests.socle.travaux.horloge_rapide beat`."""

import django

from participation.celery import app

__all__ = ["app"]

django.setup()

from participation.socle.travaux import passages  # noqa: E402 models need Django set up

# Only letters and reminders are tested: the fifty tasks of the apps would keep the machine busy.
PASSAGES = {
    nom: {**passage, "schedule": 1.0}
    for nom, passage in passages.horaires().items()
    if nom.startswith("participation.socle.")
}
passages.horaires = lambda: PASSAGES
