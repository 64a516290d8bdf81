"""Letters of the collecte: opening, correction, extension, suspension, campaign."""

from collections.abc import Mapping

from petitions.models import Petition
from petitions.nouvelles.lettres import annoncer


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
