"""Letters of the collecte: opening, correction, extension, suspension, campaign."""

from collections.abc import Mapping

from participation.socle.courrier import ecrire
from petitions.models import Petition, TacheCampagne
from petitions.notifications.nouvelles import annoncer


def ouvrir_collecte(petition: Petition, liens_pour_signer: Mapping[str, str]) -> None:
    """Tell the petitioners that the collecte is open, each with their own link to sign."""
    propres = {courriel: {"lien_signer": lien} for courriel, lien in liens_pour_signer.items()}
    annoncer(petition, "ouvrir_collecte", {}, propres=propres)


def amender(petition: Petition, *, note: str) -> None:
    annoncer(petition, "amender", {"note": note})


def prolonger(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "prolonger", {"motif": motif}, aux_signataires=True)


def suspendre(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "suspendre", {"motif": motif})


def reprendre(petition: Petition) -> None:
    annoncer(petition, "reprendre", {})


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
