"""Letters about the bilan of a projet, up to the closing of its dossier."""

from datetime import date

from contrat_ville.models import Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_agent, ecrire_a_l_equipe, moyen_vers


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
