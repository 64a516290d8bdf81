"""What the clock does: erase the addresses that are no longer of use. Reminders are those of all échéances."""

from celery import shared_task

from participation.suites import actions


@shared_task(name="suites.purger_abonnements")
def purger_abonnements() -> None:
    """Every night."""
    actions.purger_abonnements()
