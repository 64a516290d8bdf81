"""Tasks of the inclusion: a table of paper is read, then forgotten."""

from celery import shared_task
from celery.schedules import crontab

from participation.inclusion.papier import actes as papier
from participation.socle.travaux.passages import LONGUE, Horaire, dit


@shared_task(name=papier.TACHE, **{**LONGUE, **dit("Lire un tableau de papier")})
def lire_lot(numero: int) -> None:
    papier.lire_lot(numero)


@shared_task(name="inclusion.reprendre_les_lots", **LONGUE)
def reprendre_les_lots() -> None:
    """Every minute: read the tables left by a stopped worker."""
    papier.reprendre_les_lots()


@shared_task(name="inclusion.oublier_les_lots", **LONGUE)
def oublier_les_lots() -> None:
    """Every night: erase what paper said and was not retained."""
    papier.oublier_les_lots()


HORAIRE: Horaire = {
    "inclusion.reprendre_les_lots": (60.0, 55),
    "inclusion.oublier_les_lots": (crontab(hour=4, minute=25), 36_000),
}
