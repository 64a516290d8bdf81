"""Acts of the team, from the draft of a projet to its deposit or withdrawal; erasure of old drafts, import."""

from contrat_ville.workflow.etats import (
    A_INSTRUIRE,
    AGENT,
    BROUILLON,
    EN_EXAMEN,
    PORTEUR,
    RIEN,
    SYSTEME,
    VIVANTS,
    Etat,
)
from participation.socle.workflow import PARTOUT, Table, Transition, etats

E = Etat
JAMAIS_DEPOSE = BROUILLON | etats(E.RETIRE)
# fmt: off
DEPOT: Table = {
    # A draft is written freely; a filed projet while a complément is asked, complete or not: its sending back says what it lacks.
    "enregistrer_brouillon": Transition(BROUILLON | A_INSTRUIRE, RIEN, PORTEUR, "Enregistrer ce qui est écrit", "Texte enregistré", "dépôt", si_possible=True),
    "inviter_equipier": Transition(VIVANTS | BROUILLON, RIEN, PORTEUR, "Inviter dans l’équipe", "Personne invitée dans l’équipe", "dépôt"),
    # A projet from Dauphin has no team here: the service opens the space of its porteur.
    "ouvrir_equipe": Transition(VIVANTS, RIEN, AGENT, "Ouvrir l’espace du porteur", "Espace ouvert au porteur", "dépôt", si_possible=True),
    "rejoindre_equipe": Transition(VIVANTS | BROUILLON, RIEN, PORTEUR, "Rejoindre l’équipe", "Personne entrée dans l’équipe", "dépôt", sur="equipier"),
    "retirer_equipier": Transition(PARTOUT, RIEN, PORTEUR, "Retirer de l’équipe", "Personne retirée de l’équipe", "dépôt", est_dangereux=True, sur="equipier"),
    "deposer": Transition(BROUILLON, etats(E.DEPOSE), PORTEUR | AGENT, "Déposer le projet", "Projet déposé", "dépôt"),
    "retirer": Transition(BROUILLON | EN_EXAMEN, etats(E.RETIRE), PORTEUR, "Retirer le projet", "Projet retiré par son porteur", "retrait", est_dangereux=True),
    # A draft left untouched is announced, then erased, after the delays of the règlement.
    "prevenir_peremption": Transition(JAMAIS_DEPOSE, RIEN, SYSTEME, "Annoncer l’effacement", "Effacement du brouillon annoncé à l’équipe", "conservation"),
    "effacer_brouillon": Transition(JAMAIS_DEPOSE, etats(E.RETIRE), SYSTEME, "Effacer le brouillon", "Brouillon périmé, ce qu’il contenait est effacé", "conservation"),
    # Done by the worker, on behalf of the person who launched the import.
    "importer_projet": Transition(PARTOUT, RIEN, SYSTEME, "Importer de Dauphin", "Importé de Dauphin", "dépôt"),
}
# fmt: on
