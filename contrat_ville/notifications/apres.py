"""Letters about a projet after the decision, from the convention to the closing."""

from datetime import date

from contrat_ville.models import Accompagnement, Projet
from contrat_ville.notifications.communs import ecrire_a_l_agent, ecrire_a_l_equipe, moyen_vers


def conventionner(projet: Projet) -> None:
    ecrire_a_l_equipe(projet, "conventionner")


def demander_aide(ligne: Accompagnement) -> None:
    ecrire_a_l_agent(ligne.projet, "demander_aide", ligne=ligne)


def attendre_bilan(projet: Projet) -> None:
    echeance = projet.echeances.ouvertes().filter(cle="bilan").first()
    ecrire_a_l_equipe(projet, "attendre_bilan", date_limite=echeance.date_limite if echeance else None)


def rendre_bilan(projet: Projet) -> None:
    ecrire_a_l_agent(projet, "rendre_bilan")


def saisir_bilan(projet: Projet, *, recu_le: date) -> str:
    """Acknowledge a paper bilan, by email, SMS or paper. Return the means used."""
    ecrire_a_l_equipe(projet, "saisir_bilan", recu_le=recu_le)
    return moyen_vers(projet, "saisir_bilan")


def renvoyer_bilan(projet: Projet, *, motif: str, date_limite: date) -> None:
    ecrire_a_l_equipe(projet, "renvoyer_bilan", motif=motif, date_limite=date_limite)


def clore(projet: Projet, *, mot: str) -> None:
    ecrire_a_l_equipe(projet, "clore", mot=mot)
