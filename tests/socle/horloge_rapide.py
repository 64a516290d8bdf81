"""The site's clock with a period of one second: `celery -A tests.socle.horloge_rapide beat`."""

import django

from participation.celery import app

__all__ = ["app"]

django.setup()

from participation.socle import horloge  # noqa: E402 its models want Django ready

# What is looked at is the letters and the reminders: the fifty tasks of the apps would only keep the machine busy.
PASSAGES = {
    nom: {**passage, "schedule": 1.0}
    for nom, passage in horloge.horaires().items()
    if nom.startswith("participation.socle.")
}
horloge.horaires = lambda: PASSAGES
