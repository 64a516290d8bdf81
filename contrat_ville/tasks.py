"""Celery tasks of the Contrat de Ville, and the schedule of the periodic ones."""

from celery import shared_task
from celery.schedules import crontab

from contrat_ville.bilan import actes as bilan
from contrat_ville.cadre import programmations
from contrat_ville.dauphin import actes as actes_dauphin
from contrat_ville.dauphin import tour
from contrat_ville.porteurs import conservation
from participation.socle.travaux.passages import LONGUE, Horaire, dit


@shared_task(name="contrat_ville.clore_les_appels")
def clore_les_appels() -> None:
    """Every night: close the calls whose last day is over."""
    programmations.clore_les_appels_passes()


@shared_task(name=actes_dauphin.TACHE, **dit("Importer un fichier de Dauphin"), **LONGUE)
def importer_dauphin(numero: int) -> None:
    tour.avancer_import(numero)


@shared_task(name="contrat_ville.reprendre_les_imports")
def reprendre_les_imports() -> None:
    """Every minute: resume the imports from Dauphin left by a dead worker."""
    tour.reprendre_les_imports()


@shared_task(name="contrat_ville.suivre_les_brouillons", **LONGUE)
def suivre_les_brouillons() -> None:
    """Every morning: warn about abandoned drafts, then erase them."""
    conservation.suivre_les_brouillons()


@shared_task(name="contrat_ville.purger_imports", **LONGUE)
def purger_imports() -> None:
    """Every night: erase the imports kept longer than the règlement allows."""
    conservation.purger_imports()


@shared_task(name="contrat_ville.purger_messages_reseau", **LONGUE)
def purger_messages_reseau() -> None:
    """Every night: erase the messages of the network kept longer than the règlement allows."""
    conservation.purger_messages_reseau()


@shared_task(name="contrat_ville.suivre_le_calendrier", **LONGUE)
def suivre_le_calendrier() -> None:
    """Every morning: start the projets of the day, and open the bilans due."""
    bilan.suivre_le_calendrier()


HORAIRE: Horaire = {
    "contrat_ville.suivre_le_calendrier": (crontab(hour=6, minute=40), 36_000),
    "contrat_ville.suivre_les_brouillons": (crontab(hour=6, minute=50), 36_000),
    "contrat_ville.purger_imports": (crontab(hour=4, minute=50), 36_000),
    "contrat_ville.purger_messages_reseau": (crontab(hour=4, minute=55), 36_000),
    "contrat_ville.clore_les_appels": (crontab(hour=0, minute=10), 36_000),
    "contrat_ville.reprendre_les_imports": (60.0, 60),
}
