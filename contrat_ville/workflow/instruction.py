"""Acts of the instruction, from the deposit to the comités: recevabilité, grid, compléments, avis, messages."""

from contrat_ville.workflow.etats import A_INSTRUIRE, AGENT, EN_EXAMEN, PORTEUR, RIEN, SYSTEME, VIVANTS, Etat
from participation.socle.workflow import Table, Transition, etats

E = Etat
# fmt: off
INSTRUCTION: Table = {
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Projet pris en charge"),
    "repartir": Transition(VIVANTS, RIEN, SYSTEME, "Confier à un instructeur", "Confié à un instructeur", "instruction"),
    "reaffecter": Transition(VIVANTS, RIEN, AGENT, "Confier à un autre instructeur", "Confié à un autre instructeur", "instruction"),
    "classer_projet": Transition(VIVANTS, RIEN, AGENT, "Classer : axe, quartiers, culture", "Projet classé", "instruction"),
    "evaluer": Transition(A_INSTRUIRE, RIEN, AGENT, "Remplir la grille", "Grille remplie", "instruction"),
    "declarer_recevable": Transition(etats(E.DEPOSE), etats(E.INSTRUCTION), AGENT, "Déclarer recevable", "Projet déclaré recevable", "recevabilité"),
    "declarer_irrecevable": Transition(etats(E.DEPOSE), etats(E.IRRECEVABLE), AGENT, "Déclarer irrecevable", "Projet déclaré irrecevable", "recevabilité", est_dangereux=True),
    "lever_bilan_manquant": Transition(etats(E.DEPOSE), RIEN, AGENT, "Passer outre un bilan manquant", "Bilan manquant : examen autorisé", "recevabilité", si_possible=True),
    # Questions and answers.
    "demander_complement": Transition(A_INSTRUIRE, RIEN, AGENT, "Demander à compléter", "Complément demandé", "instruction"),
    "completer": Transition(A_INSTRUIRE, RIEN, PORTEUR, "Compléter le projet", "Projet complété par son équipe", "instruction", si_possible=True),
    "demander_avis": Transition(A_INSTRUIRE, RIEN, AGENT, "Demander des avis", "Avis demandés", "instruction"),
    "rendre_avis": Transition(EN_EXAMEN, RIEN, SYSTEME, "Rendre un avis", "Avis rendu", "instruction", par_lien=True),
    "commenter_champ": Transition(A_INSTRUIRE, RIEN, AGENT, "Commenter un champ", "Champ commenté", "instruction"),
    "resoudre_commentaire": Transition(EN_EXAMEN, RIEN, PORTEUR, "Répondre au commentaire", "Commentaire résolu par l’équipe", "instruction", sur="commentaire"),
    "clore_commentaire": Transition(frozenset(E.values), RIEN, AGENT, "Clore le commentaire", "Commentaire clos", "instruction", sur="commentaire"),
    "ecrire_message": Transition(frozenset(E.values) - etats(E.BROUILLON), RIEN, AGENT | PORTEUR, "Écrire un message", "Message écrit", "échanges"),
    "lire_message": Transition(frozenset(E.values), RIEN, AGENT, "Marquer comme lu", "Message lu", "échanges", sur="messageprojet"),
}
# fmt: on
