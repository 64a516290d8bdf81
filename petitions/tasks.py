"""Periodic tasks of the pétitions (Celery beat).

Each one may run late, twice, or at the same time as itself.
"""

from celery import shared_task
from celery.schedules import crontab

from participation.socle.travaux.passages import LONGUE, Horaire, dit
from petitions import pseudonymisation, rapprochement
from petitions.collecte import actes as collecte
from petitions.conseil import jalons
from petitions.copetitionnaires import textes
from petitions.fraude import actes as fraude
from petitions.seuils import actes as seuils
from petitions.signatures import actes as signatures
from petitions.signatures import decompte, envois, limites

HORAIRE: Horaire = {
    # A request to sign does not wait for these tasks: letters, counts and thresholds follow within seconds.
    "petitions.ecrire_aux_signataires": (3.0, 3),
    "petitions.reprendre_lettres_dues": (crontab(minute=17), 3000),
    "petitions.compter": (10.0, 10),
    "petitions.recompter": (crontab(hour=3, minute=10), 36_000),
    "petitions.ouvrir_collectes": (crontab(minute="*/10"), 600),
    "petitions.clore_collectes": (60.0, 60),
    "petitions.relancer_signatures": (crontab(hour=9, minute=20), 36_000),
    "petitions.prevenir_des_changements": (300.0, 300),
    "petitions.signaler_rafales": (crontab(minute=2), 3000),
    # Resume the invalidations and pseudonymisations that a stopped worker left unfinished.
    "petitions.reprendre_travaux": (60.0, 60),
    "petitions.dire_les_reunions": (60.0, 60),
    "petitions.constater_jalons": (crontab(hour=4, minute=10), 36_000),
}


@shared_task(name="petitions.ecrire_aux_signataires")
def ecrire_aux_signataires() -> None:
    envois.ecrire_aux_signataires()


@shared_task(name="petitions.reprendre_lettres_dues", **LONGUE)
def reprendre_lettres_dues() -> None:
    envois.reprendre_lettres_dues()


@shared_task(name="petitions.compter", **LONGUE)
def compter() -> None:
    limites.ecarter_confirmations()
    decompte.compter()
    seuils.constater_seuils()


@shared_task(name="petitions.recompter", **LONGUE)
def recompter() -> None:
    decompte.recompter()
    seuils.constater_seuils()


@shared_task(name="petitions.ouvrir_collectes")
def ouvrir_collectes() -> None:
    collecte.ouvrir_collectes()


@shared_task(name="petitions.clore_collectes")
def clore_collectes() -> None:
    seuils.clore_collectes()


@shared_task(name="petitions.relancer_signatures", **LONGUE)
def relancer_signatures() -> None:
    signatures.relancer_signatures()


@shared_task(name="petitions.prevenir_des_changements", **LONGUE)
def prevenir_des_changements() -> None:
    textes.prevenir_des_changements()


@shared_task(name="petitions.signaler_rafales", **LONGUE)
def signaler_rafales() -> None:
    fraude.signaler_rafales()


@shared_task(name=fraude.TACHE_INVALIDER, **dit("Invalider des signatures"), **LONGUE)
def poursuivre_invalidation(numero: int) -> None:
    fraude.poursuivre_invalidation(numero)


@shared_task(name=pseudonymisation.TACHE, **dit("Effacer le nom des signataires"), **LONGUE)
def poursuivre_pseudonymisation(numero: int) -> None:
    pseudonymisation.poursuivre_pseudonymisation(numero)


@shared_task(name="petitions.reprendre_travaux")
def reprendre_travaux() -> None:
    fraude.reprendre_invalidations()
    pseudonymisation.reprendre_pseudonymisations()


@shared_task(name="petitions.dire_les_reunions", **LONGUE)
def dire_les_reunions() -> None:
    rapprochement.dire_les_reunions()


@shared_task(name="petitions.constater_jalons", **LONGUE)
def constater_jalons() -> None:
    jalons.constater_jalons()
