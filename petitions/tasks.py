"""Periodic tasks of the pétitions (Celery beat).

Each one may run late, twice, or at the same time as itself.
"""

from typing import Any

from celery import shared_task
from celery.schedules import crontab

from participation.socle.travaux.passages import LONGUE, dit
from petitions.collecte import actes as collecte
from petitions.conseil import actes as conseil
from petitions.copetitionnaires import textes
from petitions.fraude import actes as fraude
from petitions.pseudonymisation import actes as pseudonymisation
from petitions.rapprochement import actes as rapprochement
from petitions.seuils import actes as seuils
from petitions.signatures import actes as signatures
from petitions.signatures import decompte, envois, limites

HORAIRE: dict[str, dict[str, Any]] = {
    # A request to sign does not wait for these tasks: letters, counts and thresholds follow within seconds.
    "petitions.ecrire_aux_signataires": {"schedule": 3.0, "options": {"expires": 3}},
    "petitions.reprendre_lettres_dues": {"schedule": crontab(minute=17)},
    "petitions.compter": {"schedule": 10.0, "options": {"expires": 10}},
    "petitions.recompter": {"schedule": crontab(hour=3, minute=10)},
    "petitions.ouvrir_collectes": {"schedule": crontab(minute="*/10"), "options": {"expires": 600}},
    "petitions.clore_collectes": {"schedule": 60.0, "options": {"expires": 60}},
    "petitions.relancer_signatures": {"schedule": crontab(hour=9, minute=20)},
    "petitions.prevenir_des_changements": {"schedule": 300.0, "options": {"expires": 300}},
    "petitions.signaler_rafales": {"schedule": crontab(minute=2)},
    # Resume the invalidations and pseudonymisations that a stopped worker left unfinished.
    "petitions.reprendre_travaux": {"schedule": 60.0, "options": {"expires": 60}},
    "petitions.dire_les_reunions": {"schedule": 60.0, "options": {"expires": 60}},
    "petitions.constater_jalons": {"schedule": crontab(hour=4, minute=10), "options": {"expires": 36_000}},
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
    conseil.constater_jalons()
