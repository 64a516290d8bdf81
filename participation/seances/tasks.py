"""The clock and the workers: numbers in, one action called. Every task may run twice."""

from celery import shared_task

from participation.seances.actions import convocation


@shared_task(name="seances.envoyer_convocation")
def envoyer_convocation(numero: int) -> None:
    """At once: the PDF, then the letters."""
    convocation.envoyer_convocation(numero)


@shared_task(name="seances.envoyer_convocations")
def envoyer_convocations() -> None:
    """Every minute: sendings that a dead worker or a lost broker left behind."""
    convocation.envoyer_convocations()
