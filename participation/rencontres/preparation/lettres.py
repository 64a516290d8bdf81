"""What is told to who animates."""

from django.urls import reverse

from participation.rencontres.models import Animateur
from participation.socle.courriels.ecriture import ecrire


def ajouter_animateur(animateur: Animateur) -> None:
    """Send the link of the run-of-show, which opens without an account."""
    ecrire(
        "rencontres/ajouter_animateur",
        a=[animateur.courriel],
        dossier=animateur.rencontre,
        cle=f"rencontres-animateur:{animateur.pk}",
        contexte={
            "animateur": animateur,
            "rencontre": animateur.rencontre,
            "lien": reverse("rencontres:deroule_par_lien", args=[animateur.jeton()]),
        },
    )
