"""Letters that hold a voting code. The results are told to the authors by the letters of their projets."""

from collections.abc import Iterable

from django.urls import reverse

from participation.budgets.models import LotDeCodes, Scrutin
from participation.budgets.vote import regles
from participation.budgets.workflow.vote import NatureLot
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.models import Courriel


def cle_des_codes(scrutin: Scrutin) -> str:
    """Prefix of the keys of the letters that hold a code of this vote: used to erase them."""
    return f"code-de-vote:{scrutin.pk}"


def envoyer_codes(lot: LotDeCodes, servis: Iterable[tuple[str, tuple[int, str]]]) -> int:
    """Send one letter, or one SMS, for each (address, (number, code))."""
    scrutin = lot.scrutin
    return ecrire_a_plusieurs(
        "budgets/code_de_vote",
        (
            Destinataire(adresse, contexte={"code": regles.ecrire_code(code), "numero": numero})
            for adresse, (numero, code) in servis
        ),
        contexte={
            "budget": scrutin.budget,
            "lien": reverse("budgets:voter", args=[scrutin.pk]),
            "fin": scrutin.phase_fin(),
        },
        cle=cle_des_codes(scrutin),
        moyen=Courriel.Moyen.SMS if lot.nature == NatureLot.SMS else Courriel.Moyen.COURRIEL,
    )
