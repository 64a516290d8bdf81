"""Celery tasks of the budgets, and the schedule of the periodic ones."""

from celery import shared_task
from celery.schedules import crontab

from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import depouillement, scrutins, urne
from participation.socle.travaux.differes import confier_chacun
from participation.socle.travaux.passages import LONGUE, Horaire, dit


@shared_task(name="budgets.clore_les_votes")
def clore_les_votes() -> None:
    """Every night: close the votes whose last day is over."""
    scrutins.fermer_les_scrutins_passes()


@shared_task(name="budgets.faire_lot", **dit("Faire un lot de codes de vote"), **LONGUE)
def faire_lot(numero: int) -> None:
    """On request: make the codes of a lot, with their sheets or letters."""
    codes_de_vote.faire_lot(numero)


@shared_task(name="budgets.compter_bulletins", **dit("Dépouiller un vote"), **LONGUE)
def compter_bulletins(numero: int) -> None:
    """On request: count a closed vote, by both rules."""
    depouillement.compter_bulletins(numero)


@shared_task(name="budgets.reprendre_le_vote")
def reprendre_le_vote() -> None:
    """Every minute: make the codes and counts left by a dead worker or a lost message."""
    confier_chacun(codes_de_vote.TACHE, codes_de_vote.lots_abandonnes())
    confier_chacun(depouillement.TACHE, depouillement.depouillements_abandonnes())


@shared_task(name="budgets.nettoyer_urnes", **LONGUE)
def nettoyer_urnes() -> None:
    """When a vote closes, and every minute for those not cleaned yet."""
    urne.nettoyer_urnes()


HORAIRE: Horaire = {
    "budgets.clore_les_votes": (crontab(hour=0, minute=15), 36_000),
    "budgets.reprendre_le_vote": (60.0, 60),
    "budgets.nettoyer_urnes": (60.0, 60),
}
