"""What the clock does for a renewal: close the call at its date, forget what was never confirmed."""

from celery import shared_task

from participation.renouvellement.actions import campagne, candidatures


@shared_task(name="renouvellement.clore_appels")
def clore_appels() -> None:
    campagne.clore_appels()


@shared_task(name="renouvellement.purger_candidatures")
def purger_candidatures() -> None:
    candidatures.purger_candidatures()
