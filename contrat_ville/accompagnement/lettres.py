"""Letter about the help that a team asks for."""

from contrat_ville.models import Accompagnement
from contrat_ville.porteurs.lettres import ecrire_a_l_agent


def demander_aide(ligne: Accompagnement) -> None:
    ecrire_a_l_agent(ligne.projet, "demander_aide", ligne=ligne)
