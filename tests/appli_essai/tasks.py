"""Periodic task of the réclamations."""

from celery import shared_task


@shared_task(name="appli_essai.relire")
def relire() -> None:
    """Run every minute."""


HORAIRE = {"appli_essai.relire": {"schedule": 60.0, "options": {"expires": 60}}}
