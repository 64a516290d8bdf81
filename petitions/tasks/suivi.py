"""What the clock does after the thresholds."""

from celery import shared_task

from petitions.actions import suivi


@shared_task(name="petitions.constater_jalons")
def constater_jalons() -> None:
    suivi.constater_jalons()
