"""Members of the comité de recevabilité, the instance with the key `recevabilite`."""

from participation.seances.models import instances_ou_siege
from participation.socle.models import Compte
from petitions import workflow


def siege_au_comite(compte: Compte) -> bool:
    """Whether the account sits on the comité de recevabilité today."""
    return workflow.INSTANCE in instances_ou_siege(compte)
