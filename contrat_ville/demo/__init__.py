"""The programmations of three years, their comités, an import in the format of Dauphin, the quartiers."""

from contrat_ville.demo.comites import Comites
from contrat_ville.demo.dauphin import FichierDeDauphin
from contrat_ville.demo.programmation import Annees
from contrat_ville.demo.quartiers import SuiviDesQuartiers
from contrat_ville.demo.reseau import AnneeSoutenue

SUIT = ("budgets",)


def jouer() -> None:
    annees = Annees()
    annees.vivre()
    AnneeSoutenue().vivre()
    # Then only: the projets decided by the comités can no longer be instructed.
    Comites(annees).vivre()
    dauphin = FichierDeDauphin()
    dauphin.vivre()
    dauphin.poster()
    SuiviDesQuartiers().vivre()
