"""The site's clock with a period of one second: `celery -A tests.socle.horloge_rapide beat`."""

from participation.celery import app

for entree in app.conf.beat_schedule.values():
    entree["schedule"] = 1.0
