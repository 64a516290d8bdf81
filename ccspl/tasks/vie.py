"""What the clock does for those who read the commission from afar."""

from celery import shared_task

from ccspl.actions import vie


@shared_task(name="ccspl.resumer_le_mois")
def resumer_le_mois() -> None:
    """The first days of the month: what a breakdown kept from leaving on the first leaves on the next, once."""
    vie.ecrire_resumes()
