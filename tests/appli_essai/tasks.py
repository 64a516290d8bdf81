"""Periodic task of the réclamations."""

from celery import shared_task

from participation.socle.travaux.passages import Horaire


@shared_task(name="appli_essai.relire")
def relire() -> None:
    """Run every minute."""


HORAIRE: Horaire = {"appli_essai.relire": (60.0, 60)}
