"""What the mechanism tells: demandes and their answers, reminders. One function a letter."""

from django.urls import reverse

from participation.socle.courrier import ecrire
from participation.socle.models import Demande


def demander(demande: Demande, *, jeton: str) -> None:
    ecrire(
        "socle/demander",
        a=demande.adresses(),
        dossier=demande.dossier,
        cle=f"demande:{demande.pk}",
        contexte={
            "demande": demande,
            "dossier": demande.dossier,
            "lien": reverse("socle:repondre_demande", args=[jeton]),
        },
    )


def repondre_demande(demande: Demande) -> None:
    """Tell who asked that the answer is there."""
    if demande.par is not None:
        ecrire(
            "socle/repondre_demande",
            a=[demande.par.courriel],
            dossier=demande.dossier,
            contexte={
                "demande": demande,
                "dossier": demande.dossier,
                "lien": demande.dossier.get_absolute_url(),
            },
        )


def annuler_demande(demande: Demande, *, motif: str) -> None:
    ecrire(
        "socle/annuler_demande",
        a=demande.adresses(),
        dossier=demande.dossier,
        contexte={"demande": demande, "dossier": demande.dossier, "motif": motif},
    )
