"""Letters of the collecte: opening, correction, extension, suspension, campaign."""

from collections.abc import Mapping

from django.urls import reverse

from participation.socle.actions.tournees import Liste, ecrire_en_nombre
from participation.socle.courriels.ecriture import Destinataire
from petitions.models import Petition, Signature
from petitions.nouvelles.lettres import annoncer, signatures_des_autres


def ouvrir_collecte(petition: Petition, liens_pour_signer: Mapping[str, str]) -> None:
    """Tell the petitioners that the collecte is open, each with their own link to sign."""
    propres = {courriel: {"lien_signer": lien} for courriel, lien in liens_pour_signer.items()}
    annoncer(petition, "ouvrir_collecte", {}, propres=propres)


def amender(petition: Petition, *, note: str) -> None:
    annoncer(petition, "amender", {"note": note})


def dire_la_correction(petition: Petition, *, note: str) -> None:
    """Tell all signers that the text they signed was corrected, each with the page where they may withdraw.

    Once a correction, asked for or not: it is about what they signed.
    """
    ecrire_en_nombre(
        "petitions/dire_la_correction",
        les_signataires,
        petition,
        contexte={"petition": petition, "note": note, "lien": petition.get_public_url()},
        cle=f"dire_la_correction:{petition.pk}:{petition.modifie_le:%Y%m%d%H%M%S%f}",
    )


def les_signataires(petition: Petition) -> Liste:
    return Liste(signatures_des_autres(petition), _avec_sa_signature)


def _avec_sa_signature(signature: Signature) -> Destinataire:
    jeton = Signature.LIEN.sceller(signature.pk, signature.sceau)
    sienne = {"lien_signature": reverse("petitions:ma_signature", args=[jeton])}
    return Destinataire(signature.courriel or "", contexte=sienne, langue=signature.langue)


def prolonger(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "prolonger", {"motif": motif}, aux_signataires=True)


def suspendre(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "suspendre", {"motif": motif})


def reprendre(petition: Petition) -> None:
    annoncer(petition, "reprendre", {})
