"""Letter about a convention."""

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_equipe


def conventionner(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "conventionner")
