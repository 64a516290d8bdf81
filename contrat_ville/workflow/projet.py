"""Table of the acts of a projet, gathered from its stages, and appearance of each état."""

from contrat_ville.workflow.apres import APRES
from contrat_ville.workflow.comites import COMITES
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
from contrat_ville.workflow.reseau import RESEAU
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition, etats

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


TRANSITIONS: Table = {**DEPOT, **INSTRUCTION, **COMITES, **APRES, **RESEAU}

# fmt: off
APPARENCES: dict[str, Apparence] = {
    E.BROUILLON: Apparence(Couleur.NEUTRE, "document", "le porteur écrit son projet ; personne d’autre ne le lit.", {Role.AUTEUR: "[complétez le projet]({rediger}), puis [déposez-le](deposer) avant la clôture de l’appel."}),
    E.DEPOSE: Apparence(Couleur.ATTENTION, "horloge", "le service vérifie que le projet est complet et recevable.", {Role.AGENT: "vérifiez les pièces, puis [dites le projet recevable](declarer_recevable) ou [demandez à compléter](demander_complement)."}),
    E.INSTRUCTION: Apparence(Couleur.ACCENT, "personnes", "le service instruit le projet et recueille les avis{avant}.", {Role.AGENT: "[demandez les avis](demander_avis), [remplissez la grille](evaluer), puis [inscrivez le projet au comité technique](inscrire_au_comite).", Role.AUTEUR: "répondez aux questions du service, s’il y en a."}),
    E.PROPOSE: Apparence(Couleur.INFO, "salle", "le comité de pilotage décide.", {Role.AGENT: "{au_pilotage}"}),
    E.AJOURNE: Apparence(Couleur.ATTENTION, "horloge", "le projet revient devant un comité.", {Role.AGENT: "complétez ce qui est demandé (la raison est au journal), puis [inscrivez-le de nouveau](inscrire_au_comite).", Role.AUTEUR: "lisez pourquoi sur sa page ; le service vous écrit s’il faut compléter."}),
    E.RETENU: Apparence(Couleur.SUCCES, "coche", "la décision est prise ; la convention suit.", {Role.AGENT: "{a_dire}[enregistrez la convention](conventionner)."}),
    E.SOUS_RESERVE: Apparence(Couleur.ATTENTION, "alerte", "le projet est retenu si la réserve est levée.", {Role.AGENT: "{a_dire}[levez la réserve](lever_reserve)."}),
    E.REFUSE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas retenu ; la lettre de décision dit pourquoi.", {Role.AGENT: "{a_faire}"}),
    E.IRRECEVABLE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas recevable ; la raison est dite au porteur."),
    E.RETIRE: Apparence(Couleur.NEUTRE, "croix", "plus rien n’est attendu."),
    E.CONVENTIONNE: Apparence(Couleur.ACCENT, "document", "le projet peut commencer.", {Role.AGENT: "[notez les versements](enregistrer_versement) et [le démarrage](demarrer)."}),
    E.EN_COURS: Apparence(Couleur.ACCENT, "suites", "le projet se réalise ; le service l’accompagne."),
    E.BILAN_ATTENDU: Apparence(Couleur.ATTENTION, "horloge", "le porteur rend le bilan{avant}.", {Role.AUTEUR: "[rendez le bilan de votre projet](rendre_bilan).", Role.AGENT: "[relancez le porteur](ecrire_message) si le bilan tarde, ou [saisissez un bilan papier](saisir_bilan)."}),
    E.EVALUE: Apparence(Couleur.SUCCES, "coche", "le bilan est reçu ; le service le lit.", {Role.AGENT: "{a_clore}"}),
    E.CLOS: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu."),
}
# fmt: on
# Act expected first from an agent in each état.
ACTES_DUS: dict[str, str] = {
    E.DEPOSE: "declarer_recevable",
    E.INSTRUCTION: "",
    E.PROPOSE: "inscrire_au_comite",
    E.AJOURNE: "inscrire_au_comite",
}
