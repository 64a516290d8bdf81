"""Letters to the team of a projet about the decisions of the comités and the recours."""

from typing import Any

from django.utils import timezone

from contrat_ville.models import Projet, Recours
from contrat_ville.notifications.communs import ecrire_a_l_equipe, moyen_vers
from contrat_ville.workflow.etats import RETENUS
from participation.socle.models import Courriel, ReglageService


def ajourner(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "ajourner")


def lever_reserve(projet: Projet, *, motif: str) -> None:
    ecrire_a_l_equipe(projet, "lever_reserve", motif=motif)


def notifier(projet: Projet, pdf: bytes) -> Courriel | None:
    """Send the decision, with the signed letter attached."""
    return ecrire_a_l_equipe(
        projet,
        "notifier",
        pieces=[(f"decision-{projet.reference}.pdf", "application/pdf", pdf)],
        retenu=projet.etat in RETENUS,
    )


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
    ecrire_a_l_equipe(recours.projet, "repondre_recours", recours=recours, service=ReglageService.actuel())
    return moyen_vers(recours.projet, "repondre_recours")
