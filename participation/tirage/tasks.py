"""Tasks of the draws: quotas checked, the fairest lottery, and what a killed worker left of them."""

from celery import shared_task
from celery.schedules import crontab
from django.utils import timezone

from participation.socle.travaux.passages import LONGUE, Horaire, dit
from participation.tirage.selection import actes, controle, repetition


@shared_task(name=actes.TACHE, **LONGUE, **dit("Calculer les chances d’un tirage au sort"))
def calculer(numero: int) -> None:
    actes.faire_calcul(numero)


@shared_task(name=controle.TACHE, **LONGUE, **dit("Contrôler les quotas d’un tirage au sort"))
def controler(numero: int) -> None:
    controle.faire_controle(numero)


@shared_task(name="tirage.balayer_calculs")
def balayer_calculs() -> None:
    actes.balayer_calculs()
    controle.balayer_controles()


@shared_task(name="tirage.repeter", **LONGUE)
def repeter() -> None:
    """A failure is red in `/sante` until a night succeeds, as that of any periodic task; so is a night that was missed."""
    repetition.repeter(timezone.localdate().isoformat())


HORAIRE: Horaire = {
    "tirage.balayer_calculs": (120.0, 120),
    "tirage.repeter": (crontab(hour=4, minute=20), 36_000),
}
