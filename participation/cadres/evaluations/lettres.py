"""What is told to who evaluates."""

from django.urls import reverse

from participation.cadres.models import Evaluateur
from participation.cadres.workflow import Moment
from participation.socle.courriels.ecriture import ecrire


def inviter_evaluateur(evaluateur: Evaluateur) -> None:
    """Send the link of the grid, which opens without an account."""
    ecrire(
        "cadres/inviter_evaluateur",
        a=[evaluateur.courriel],
        dossier=evaluateur.cadre,
        cle=f"cadres-evaluateur:{evaluateur.pk}",
        contexte={
            "cadre": evaluateur.cadre,
            "moment": evaluateur.get_moment_display(),
            "jusqu_au": evaluateur.cadre.date_debut if evaluateur.moment == Moment.AVANT else None,
            "lien": reverse("cadres:evaluer_par_lien", args=[evaluateur.jeton()]),
        },
    )
