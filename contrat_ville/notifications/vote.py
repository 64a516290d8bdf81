"""What is told of a vote: the codes sent by mail. Authors are told by their projects, when the results are published."""

from collections.abc import Iterable

from django.urls import reverse

from contrat_ville.models.vote import LotDeCodes, Scrutin
from contrat_ville.regles import codes
from participation.socle.courrier import Destinataire, ecrire_a_plusieurs


def cle_des_codes(scrutin: Scrutin) -> str:
    """Under which the letters that hold a code of this vote are found again, to be erased."""
    return f"code-de-vote:{scrutin.pk}"


def envoyer_codes(lot: LotDeCodes, servis: Iterable[tuple[str, tuple[int, str]]]) -> int:
    """(address, (number, code)): one letter each."""
    scrutin = lot.scrutin
    return ecrire_a_plusieurs(
        "contrat_ville/code_de_vote",
        (
            Destinataire(adresse, contexte={"code": codes.ecrire(code), "numero": numero})
            for adresse, (numero, code) in servis
        ),
        contexte={
            "budget": scrutin.budget,
            "lien": reverse("contrat_ville:voter", args=[scrutin.pk]),
            "fin": scrutin.phase_fin(),
        },
        cle=cle_des_codes(scrutin),
    )
