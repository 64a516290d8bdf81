"""Helpers for a pétition examined by the comité."""

from petitions.models import Petition
from petitions.recevabilite import actes as recevabilite
from tests.petitions.factories import sieger
from tests.socle.factories import CompteFactory

DELAI = 40


def membre(**traits):
    compte = CompteFactory(**(traits or {"elu": True}))
    sieger(compte)
    return compte


def tout_remplir(petition: Petition, par) -> None:
    recevabilite.examiner(
        petition, {c.pk: ("rempli", "") for c in petition.reglement.criteres.all()}, par=par
    )


def echeance(petition: Petition, cle: str = "recevabilite"):
    return petition.echeances.get(cle=cle)
