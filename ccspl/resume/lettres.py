"""The letter of the month, to the élus and agents who asked for it."""

from collections.abc import Iterable

from django.urls import reverse

from ccspl.models import AbonnementResume
from ccspl.resume.lectures import Nouvelles
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs


def resume_mensuel(nouvelles: Nouvelles, abonnements: Iterable[AbonnementResume]) -> int:
    """Write one letter by person and month, even if the task runs several times. Returns how many are new."""
    return ecrire_a_plusieurs(
        "ccspl/resume_mensuel",
        [
            Destinataire(
                abonnement.compte.courriel,
                desabonnement=reverse("ccspl:ne_plus_recevoir_resume", args=[abonnement.cle]),
                contexte={"prenom": abonnement.compte.prenom},
            )
            for abonnement in abonnements
        ],
        contexte={"nouvelles": nouvelles, "lien": reverse("ccspl:tableau_de_bord")},
        cle=f"ccspl-resume:{nouvelles.debut:%Y-%m}",
    )
