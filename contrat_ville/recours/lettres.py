"""Letters about a recours, or a projet reopened."""

from typing import Any

from django.utils import timezone

from contrat_ville.models import Projet, Recours
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe, moyen_vers
from participation.socle.models import ReglageService


def rouvrir(projet: Projet, *, motif: str) -> str:
    """Tell the team. Return the means used."""
    ecrire_a_l_equipe(projet, "rouvrir", motif=motif)
    return moyen_vers(projet, "rouvrir")


def recevoir_recours(recours: Recours) -> None:
    ecrire_a_l_equipe(recours.projet, "recevoir_recours", **contexte_du_recours(recours))


def contexte_du_recours(recours: Recours) -> dict[str, Any]:
    """Return the context of the acknowledgement of a recours.

    The day of the règlement is given only if it is not past when the recours is recorded. The effect of
    silence is described by the text of the service alone, validated by its lawyers.
    """
    return {
        "recours": recours,
        "est_a_temps": recours.date_limite >= timezone.localdate(),
        "service": ReglageService.actuel(),
    }


def repondre_recours(recours: Recours) -> str:
    """Send the answer. Return the means used."""
    ecrire_a_l_equipe(recours.projet, "repondre_recours", recours=recours)
    return moyen_vers(recours.projet, "repondre_recours")
