"""Tasks of the draws: the search of the fairest lottery, and what a killed worker left of it."""

from typing import Any

from celery import shared_task

from participation.socle.travaux.passages import LONGUE, dit
from participation.tirage.selection import actes


@shared_task(name=actes.TACHE, **LONGUE, **dit("Calculer les chances d’un tirage au sort"))
def calculer(numero: int) -> None:
    actes.faire_calcul(numero)


@shared_task(name="tirage.balayer_calculs")
def balayer_calculs() -> None:
    actes.balayer_calculs()


HORAIRE: dict[str, dict[str, Any]] = {
    "tirage.balayer_calculs": {"schedule": 120.0, "options": {"expires": 120}}
}
