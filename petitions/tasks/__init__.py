"""The clock of the pétitions. Celery finds the tasks here, whatever the room."""

from typing import Any

from celery.schedules import crontab

from petitions.tasks.signatures import (
    clore_collectes,
    compter,
    ecrire_aux_signataires,
    poursuivre_invalidation,
    poursuivre_pseudonymisation,
    purger_signatures,
    recompter,
    relancer_signatures,
    reprendre_travaux,
    signaler_rafales,
)
from petitions.tasks.suivi import constater_jalons

__all__ = [
    "HORAIRE",
    "clore_collectes",
    "compter",
    "constater_jalons",
    "ecrire_aux_signataires",
    "poursuivre_invalidation",
    "poursuivre_pseudonymisation",
    "purger_signatures",
    "recompter",
    "relancer_signatures",
    "reprendre_travaux",
    "signaler_rafales",
]

HORAIRE: dict[str, dict[str, Any]] = {
    # Signing waits for none of these: letters, counts and thresholds follow within seconds.
    "petitions.ecrire_aux_signataires": {"schedule": 3.0, "options": {"expires": 3}},
    "petitions.compter": {"schedule": 10.0, "options": {"expires": 10}},
    "petitions.recompter": {"schedule": crontab(hour=3, minute=10)},
    "petitions.clore_collectes": {"schedule": 60.0, "options": {"expires": 60}},
    "petitions.relancer_signatures": {"schedule": crontab(hour=9, minute=20)},
    "petitions.purger_signatures": {"schedule": crontab(hour=4, minute=20)},
    "petitions.signaler_rafales": {"schedule": crontab(minute=2)},
    # Invalidations and pseudonymisations that a dead worker left half done go on.
    "petitions.reprendre_travaux": {"schedule": 60.0, "options": {"expires": 60}},
    "petitions.constater_jalons": {"schedule": crontab(hour=4, minute=10), "options": {"expires": 3600}},
}
