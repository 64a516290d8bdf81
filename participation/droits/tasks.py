"""Celery tasks of the rights of people, and their timetable."""

from celery import shared_task
from celery.schedules import crontab

from participation.droits import inactifs
from participation.droits.eliminations import actes as eliminations
from participation.droits.personnes import actes as personnes
from participation.socle.travaux.passages import LONGUE, Horaire, dit


@shared_task(
    name="participation.droits.tasks.executer_demande", **dit("Faire ce qu’une personne demande"), **LONGUE
)
def executer_demande(numero: int) -> None:
    personnes.executer_demande(numero)


@shared_task
def reprendre_demandes() -> None:
    """Take up what was asked and not done (every minute)."""
    personnes.reprendre_demandes()


@shared_task(
    name="participation.droits.tasks.eliminer_bordereau",
    **dit("Éliminer ce qui a le visa des archives"),
    **LONGUE,
)
def eliminer_bordereau(numero: int) -> None:
    eliminations.poursuivre_elimination(numero)


@shared_task
def reprendre_eliminations() -> None:
    """Take up the slips under way, freeze the certificates (every minute)."""
    eliminations.reprendre_eliminations()


@shared_task(name="participation.droits.tasks.suivre_les_inactifs", **LONGUE)
def suivre_les_inactifs() -> None:
    """Tell who no longer signs in that the account will be erased, then erase it (every morning)."""
    inactifs.suivre_les_inactifs()


@shared_task
def effacer_copies() -> None:
    """Erase the copies kept long enough (every night)."""
    personnes.effacer_copies()


HORAIRE: Horaire = {
    "participation.droits.tasks.reprendre_demandes": (60.0, 60),
    "participation.droits.tasks.reprendre_eliminations": (60.0, 60),
    "participation.droits.tasks.suivre_les_inactifs": (crontab(hour=9, minute=10), 36_000),
    "participation.droits.tasks.effacer_copies": (crontab(hour=4, minute=40), 36_000),
}
