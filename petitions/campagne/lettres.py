"""Letter about a task of a campaign."""

from participation.socle.courriels.ecriture import ecrire
from petitions.models import TacheCampagne


def ajouter_tache(tache: TacheCampagne) -> None:
    """Tell the direction, or the person, in charge of the task."""
    adresses = tache.direction.adresses() if tache.direction else []
    if tache.responsable is not None:
        adresses = [tache.responsable.courriel]
    ecrire(
        "petitions/ajouter_tache",
        a=adresses,
        dossier=tache.petition,
        cle=f"tache:{tache.pk}",
        contexte={
            "tache": tache,
            "petition": tache.petition,
            "lien": tache.petition.get_public_url()
            if tache.petition.est_publie
            else tache.petition.get_absolute_url(),
        },
    )
