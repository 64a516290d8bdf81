"""Letters to a person about what she asked: prove your address, your copy is ready, you are erased."""

from django.utils import timezone

from participation.droits.models import DemandeDroit
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import ecrire


def demander_droit(demande: DemandeDroit) -> None:
    """Send the link that proves the address. One letter a day."""
    porte.ecrire(
        "droits/demander_droit",
        a=demande.courriel,
        sujet=demande,
        cle=f"droit:{demande.pk}:{timezone.localdate():%Y%m%d}",
        mots={"lien": demande.get_public_url(), "est_effacement": int(demande.est_effacement)},
        langue=demande.langue,
    )


def copier_donnees(demande: DemandeDroit, *, jours: int) -> None:
    ecrire(
        "droits/copier_donnees",
        a=[demande.courriel],
        contexte={"lien": demande.get_public_url(), "jours": jours},
        cle=f"droit:{demande.pk}:copie",
        langue=demande.langue,
    )


def effacer_personne(demande: DemandeDroit, courriel: str) -> None:
    """The last letter, erased after its own delay."""
    ecrire(
        "droits/effacer_personne",
        a=[courriel],
        contexte={"lien": demande.get_public_url()},
        cle=f"droit:{demande.pk}:effacement",
        langue=demande.langue,
    )
