"""What the team of a projet is told of what the comités say of it."""

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
    """The signed letter goes with it."""
    return ecrire_a_l_equipe(
        projet,
        "notifier",
        pieces=[(f"decision-{projet.reference}.pdf", "application/pdf", pdf)],
        retenu=projet.etat in RETENUS,
    )


def rouvrir(projet: Projet, *, motif: str) -> str:
    """How it is told."""
    ecrire_a_l_equipe(projet, "rouvrir", motif=motif)
    return moyen_vers(projet, "rouvrir")


def recevoir_recours(recours: Recours) -> None:
    ecrire_a_l_equipe(recours.projet, "recevoir_recours", **contexte_du_recours(recours))


def contexte_du_recours(recours: Recours) -> dict[str, Any]:
    """What its acknowledgement says: the day that the règlement gives, unless it is past when the recours is noted; of silence, what
    the service had its lawyers write, and nothing else."""
    return {
        "recours": recours,
        "est_a_temps": recours.date_limite >= timezone.localdate(),
        "service": ReglageService.actuel(),
    }


def repondre_recours(recours: Recours) -> str:
    """How it is told."""
    ecrire_a_l_equipe(recours.projet, "repondre_recours", recours=recours, service=ReglageService.actuel())
    return moyen_vers(recours.projet, "repondre_recours")
