"""Who examines pétitions: the members of the instance `recevabilite`."""

from participation.seances.models import instances_ou_siege
from participation.socle.models import Compte
from petitions import workflow


def siege_au_comite(compte: Compte) -> bool:
    """Sits on the comité de recevabilité today."""
    return workflow.INSTANCE in instances_ou_siege(compte)
