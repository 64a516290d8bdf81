"""Letter that notifies a decision."""

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe
from contrat_ville.workflow.etats import RETENUS
from participation.socle.models import Courriel


def notifier(projet: Projet, pdf: bytes) -> Courriel | None:
    """Send the decision, with the signed letter attached."""
    return ecrire_a_l_equipe(
        projet,
        "notifier",
        pieces=[(f"decision-{projet.reference}.pdf", "application/pdf", pdf)],
        retenu=projet.etat in RETENUS,
    )
