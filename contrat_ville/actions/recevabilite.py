"""Recevabilité of a projet, the first answer to its porteur."""

from django.db import transaction
from django.utils import timezone

from contrat_ville.actions.depot import RECEVABILITE
from contrat_ville.models import Projet
from contrat_ville.notifications import instruction as notifications
from participation.socle.actions import annuler_echeance, exiger, faire_echeance
from participation.socle.models import Compte


@transaction.atomic
def declarer_recevable(projet: Projet, *, par: Compte) -> None:
    """Start the examination. The team is told."""
    exiger(projet, "declarer_recevable", par=par).avancer(champs={"agent": projet.agent or par})
    faire_echeance(projet, RECEVABILITE)
    notifications.declarer_recevable(projet)


@transaction.atomic
def declarer_irrecevable(projet: Projet, *, par: Compte, motif: str) -> None:
    """Refuse the examination. The team is told why at once: no comité, no signed letter."""
    maintenant = timezone.now()
    exiger(projet, "declarer_irrecevable", par=par).avancer(
        champs={
            "motif_decision": motif,
            "decide_le": maintenant,
            "notifie_le": maintenant,
            "clos_le": maintenant,
        },
        motif=motif,
    )
    annuler_echeance(projet)
    notifications.declarer_irrecevable(projet)
