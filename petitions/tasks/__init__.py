"""The clock of the pétitions. Celery finds the tasks here, whatever the room."""

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
