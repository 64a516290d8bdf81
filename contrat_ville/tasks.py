"""The clock of the Contrat de Ville: a call closes on its day; a file from Dauphin is read to its end."""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from contrat_ville.actions import (
    apres,
    codes_de_vote,
    conservation,
    dauphin,
    depouillement,
    forums,
    idees,
    programmations,
    scrutins,
    urne,
)


@shared_task(name="contrat_ville.clore_les_appels")
def clore_les_appels() -> None:
    """Every morning: calls whose last day is past."""
    programmations.clore_les_appels_passes()


@shared_task(name=dauphin.TACHE)
def importer_dauphin(numero: int) -> None:
    dauphin.avancer_import(numero)


@shared_task(name="contrat_ville.reprendre_les_imports")
def reprendre_les_imports() -> None:
    """Every minute: files from Dauphin that a dead worker left in the middle."""
    dauphin.reprendre_les_imports()


@shared_task(name="contrat_ville.clore_les_votes")
def clore_les_votes() -> None:
    """Every morning: votes whose last day is past."""
    scrutins.fermer_les_scrutins_passes()


@shared_task(name="contrat_ville.faire_lot")
def faire_lot(numero: int) -> None:
    """At once: the codes of a bundle, with their sheets or their letters."""
    codes_de_vote.faire_lot(numero)


@shared_task(name="contrat_ville.compter_bulletins")
def compter_bulletins(numero: int) -> None:
    """At once: a vote that is closed, by both rules."""
    depouillement.compter_bulletins(numero)


@shared_task(name="contrat_ville.reprendre_le_vote")
def reprendre_le_vote() -> None:
    """Every minute: codes and counts that a dead worker or a lost broker left behind."""
    for numero in codes_de_vote.lots_abandonnes():
        codes_de_vote.faire_lot(numero)
    for numero in depouillement.depouillements_abandonnes():
        depouillement.compter_bulletins(numero)


@shared_task(name="contrat_ville.nettoyer_urnes")
def nettoyer_urnes() -> None:
    """When a vote closes, and every minute for what could not be cleaned then."""
    urne.nettoyer_urnes()


@shared_task(name="contrat_ville.purger_adresses")
def purger_adresses() -> None:
    """Every night: addresses that nobody confirmed."""
    idees.purger_adresses()
    forums.purger_inscriptions()


@shared_task(name="contrat_ville.tenir_les_places")
def tenir_les_places() -> None:
    """Every minute: seats of a forum that nobody confirmed go to who waits."""
    forums.tenir_les_places()


@shared_task(name="contrat_ville.suivre_les_brouillons")
def suivre_les_brouillons() -> None:
    """Every morning: drafts that nobody writes any more, told then erased."""
    conservation.suivre_les_brouillons()


@shared_task(name="contrat_ville.purger_imports")
def purger_imports() -> None:
    """Every night: files of Dauphin that the règlement keeps no longer."""
    conservation.purger_imports()


@shared_task(name="contrat_ville.purger_messages_reseau")
def purger_messages_reseau() -> None:
    """Every night: messages of the network that the règlement keeps no longer."""
    conservation.purger_messages_reseau()


@shared_task(name="contrat_ville.suivre_le_calendrier")
def suivre_le_calendrier() -> None:
    """Every morning: projets that begin, and those whose bilan is due from now on."""
    apres.suivre_le_calendrier()


HORAIRE: dict[str, dict[str, Any]] = {
    "contrat_ville.suivre_le_calendrier": {
        "schedule": crontab(hour=6, minute=40),
        "options": {"expires": 36_000},
    },
    "contrat_ville.suivre_les_brouillons": {
        "schedule": crontab(hour=6, minute=50),
        "options": {"expires": 36_000},
    },
    "contrat_ville.purger_imports": {"schedule": crontab(hour=4, minute=50), "options": {"expires": 36_000}},
    "contrat_ville.purger_messages_reseau": {
        "schedule": crontab(hour=4, minute=55),
        "options": {"expires": 36_000},
    },
    "contrat_ville.clore_les_votes": {"schedule": crontab(hour=0, minute=15), "options": {"expires": 36_000}},
    "contrat_ville.reprendre_le_vote": {"schedule": 60.0, "options": {"expires": 60}},
    "contrat_ville.nettoyer_urnes": {"schedule": 60.0, "options": {"expires": 60}},
    "contrat_ville.clore_les_appels": {
        "schedule": crontab(hour=0, minute=10),
        "options": {"expires": 36_000},
    },
    "contrat_ville.purger_adresses": {"schedule": crontab(hour=4, minute=40), "options": {"expires": 36_000}},
    "contrat_ville.reprendre_les_imports": {"schedule": 60.0, "options": {"expires": 60}},
    "contrat_ville.tenir_les_places": {"schedule": 60.0, "options": {"expires": 60}},
}
