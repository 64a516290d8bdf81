"""Letters on paper, for a team without email: which letters are posted, and who signs them."""

from collections.abc import Mapping

from contrat_ville.models import Projet
from contrat_ville.models.porteurs import lignes_d_adresse
from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.models import Courrier

# Signed by whoever signs the decisions. The other letters come from the service.
DECISIONS = frozenset({"declarer_irrecevable", "ajourner", "lever_reserve", "rouvrir", "repondre_recours"})
# Letters worth a stamp: an answer the team waits for, or something it owes.
LETTRES = DECISIONS | {"recevoir_recours", "attendre_bilan", "renvoyer_bilan", "saisir_bilan", "clore"}


def ecrire_sur_papier(projet: Projet, lettre: str, contexte: Mapping[str, object]) -> Courrier:
    porteur = projet.porte_par
    return ecrire_courrier(
        projet,
        f"contrat_ville/{lettre}",
        contexte,
        destinataire=lignes_d_adresse(porteur),
        a_une_adresse=porteur is not None and porteur.a_une_adresse,
        surtitre=projet.programmation.titre,
        signataire=projet.programmation.signataire if lettre in DECISIONS else "",
    )
