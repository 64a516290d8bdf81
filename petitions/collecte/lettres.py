"""Letters of the collecte: opening, correction, extension, suspension, campaign."""

from collections.abc import Iterator, Mapping

from django.urls import reverse

from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from petitions.models import Petition, Signature
from petitions.nouvelles.lettres import annoncer, petitionnaires


def ouvrir_collecte(petition: Petition, liens_pour_signer: Mapping[str, str]) -> None:
    """Tell the petitioners that the collecte is open, each with their own link to sign."""
    propres = {courriel: {"lien_signer": lien} for courriel, lien in liens_pour_signer.items()}
    annoncer(petition, "ouvrir_collecte", {}, propres=propres)


def amender(petition: Petition, *, note: str) -> None:
    annoncer(petition, "amender", {"note": note})


def dire_la_correction(petition: Petition, *, note: str) -> int:
    """Tell all signers that the text they signed was corrected, each with the page where they may withdraw.

    Once a correction, asked for or not: it is about what they signed. Returns how many letters.
    """
    deja = {adresse.lower() for adresse in petitionnaires(petition)}
    return ecrire_a_plusieurs(
        "petitions/dire_la_correction",
        _les_signataires(petition, deja),
        contexte={"petition": petition, "note": note, "lien": petition.get_public_url()},
        dossier=petition,
        cle=f"dire_la_correction:{petition.pk}:{petition.modifie_le:%Y%m%d%H%M%S%f}",
    )


def _les_signataires(petition: Petition, deja: set[str]) -> Iterator[Destinataire]:
    signatures = (
        Signature.objects.valables()
        .filter(petition=petition, courriel__isnull=False)
        .order_by("pk")
        .values_list("courriel", "pk", "sceau", "langue")
    )
    for courriel, numero, sceau, langue in signatures.iterator():
        if courriel and courriel.lower() not in deja:
            deja.add(courriel.lower())
            jeton = Signature.LIEN.sceller(numero, sceau)
            sienne = {"lien_signature": reverse("petitions:ma_signature", args=[jeton])}
            yield Destinataire(courriel, contexte=sienne, langue=langue)


def prolonger(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "prolonger", {"motif": motif}, aux_signataires=True)


def suspendre(petition: Petition, *, motif: str) -> None:
    annoncer(petition, "suspendre", {"motif": motif})


def reprendre(petition: Petition) -> None:
    annoncer(petition, "reprendre", {})
