"""Letters about what a comité decides."""

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe


def ajourner(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "ajourner")


def lever_reserve(projet: Projet, *, motif: str) -> None:
    ecrire_a_l_equipe(projet, "lever_reserve", motif=motif)
