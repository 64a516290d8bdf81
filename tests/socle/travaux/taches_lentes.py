"""Tasks that last too long: `celery -A tests.socle.travaux.taches_lentes worker`."""

import time

from celery.exceptions import SoftTimeLimitExceeded

from participation.celery import app

__all__ = ["app"]


@app.task(name="essais.dormir")
def dormir(_numero: int) -> None:
    time.sleep(60)


@app.task(name="essais.ne_rien_entendre")
def ne_rien_entendre(_numero: int) -> None:
    try:
        time.sleep(60)
    except SoftTimeLimitExceeded:
        time.sleep(60)
