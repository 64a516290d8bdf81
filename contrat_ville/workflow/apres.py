"""Acts on a projet after the decision: convention, payments, accompaniment, bilan, suites."""

from contrat_ville.workflow.etats import ACCOMPAGNES, AGENT, PORTEUR, PUBLIABLES, RIEN, SYSTEME, Etat
from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import Table, Transition, etats

E = Etat
PAYABLES = etats(E.CONVENTIONNE, E.EN_COURS, E.BILAN_ATTENDU, E.EVALUE)
# Projets that the service reads, whatever the decision: policies and suites are recorded on each of them.
LUS = frozenset(E.values) - etats(E.BROUILLON, E.RETIRE)
# Targets are given from the draft until the bilan is asked for.
A_VISER = etats(
    E.BROUILLON, E.DEPOSE, E.INSTRUCTION, E.AJOURNE, E.RETENU, E.SOUS_RESERVE, E.CONVENTIONNE, E.EN_COURS
)
# What the financers owe when the bilan leaves money: rule of a programmation.
SOLDE, PRORATA = "solde", "prorata"
REGLES_D_EXCEDENT = [
    (SOLDE, "Les subventions couvrent ce qui a été dépensé et que rien d’autre ne paie"),
    (PRORATA, "De plus, elles baissent comme la dépense : la moitié dépensée, la moitié due"),
]
# fmt: off
APRES: Table = {
    "conventionner": Transition(etats(E.RETENU), etats(E.CONVENTIONNE), AGENT, "Enregistrer la convention", "Convention signée", "convention"),
    "enregistrer_versement": Transition(PAYABLES, RIEN, AGENT, "Enregistrer un versement", "Versement enregistré", "versements"),
    "corriger_versement": Transition(PAYABLES | etats(E.CLOS), RIEN, AGENT, "Corriger le versement", "Versement corrigé", "versements", sur="versement"),
    "annuler_versement": Transition(PAYABLES | etats(E.CLOS), RIEN, AGENT, "Annuler le versement", "Versement annulé", "versements", est_dangereux=True, sur="versement"),
    "demarrer": Transition(etats(E.CONVENTIONNE), etats(E.EN_COURS), AGENT | SYSTEME, "Dire que le projet commence", "Projet commencé", "accompagnement"),
    "noter_accompagnement": Transition(ACCOMPAGNES, RIEN, AGENT, "Noter une visite, un appel, une étape", "Accompagnement noté", "accompagnement"),
    "demander_aide": Transition(ACCOMPAGNES, RIEN, PORTEUR, "Demander de l’aide", "Aide demandée par l’équipe", "accompagnement"),
    "clore_aide": Transition(frozenset(E.values), RIEN, AGENT, "Dire que l’aide est donnée", "Aide donnée", "accompagnement", sur="accompagnement"),
    "prevoir_indicateurs": Transition(A_VISER, RIEN, PORTEUR, "Dire les résultats visés", "Résultats visés dits par l’équipe", "indicateurs", si_possible=True),
    "attendre_bilan": Transition(etats(E.EN_COURS), etats(E.BILAN_ATTENDU), AGENT | SYSTEME, "Demander le bilan", "Bilan demandé", "bilan"),
    # The periodic task does not write to the teams of projets from Dauphin: an agent does.
    "demander_bilan": Transition(etats(E.BILAN_ATTENDU), RIEN, AGENT, "Demander le bilan à l’équipe", "Bilan demandé à l’équipe", "bilan", si_possible=True),
    "rendre_bilan": Transition(etats(E.BILAN_ATTENDU), etats(E.EVALUE), PORTEUR, "Rendre le bilan", "Bilan rendu", "bilan"),
    "saisir_bilan": Transition(etats(E.BILAN_ATTENDU), etats(E.EVALUE), AGENT, "Saisir un bilan papier", "Bilan saisi d’après un papier", "bilan"),
    "renvoyer_bilan": Transition(etats(E.EVALUE), etats(E.BILAN_ATTENDU), AGENT, "Demander à compléter le bilan", "Bilan à compléter", "bilan"),
    "arreter_comptes": Transition(etats(E.EVALUE), RIEN, AGENT, "Arrêter les comptes", "Comptes arrêtés", "bilan", si_possible=True),
    "enregistrer_reversement": Transition(etats(E.EVALUE), RIEN, AGENT, "Enregistrer un reversement", "Reversement reçu", "bilan", sur="reversement"),
    "clore": Transition(etats(E.EVALUE), etats(E.CLOS), AGENT, "Clore le dossier", "Dossier clos", "bilan"),
    "publier_fiche": Transition(PUBLIABLES, RIEN, AGENT, "Publier la fiche du projet", "Fiche du projet publiée", "restitution", est_public=True, si_possible=True),
    "depublier_fiche": Transition(PUBLIABLES, RIEN, AGENT, "Retirer la fiche de la page publique", "Fiche du projet retirée", "restitution", est_dangereux=True, si_possible=True),
    # Learned from the instruction or the bilan: policies served, suites asked of the metropolis.
    "relier_politiques": Transition(LUS, RIEN, AGENT, ici_plus_tard("Relier aux politiques {metropolitaines}"), ici_plus_tard("Relié aux politiques {metropolitaines}"), "instruction"),
    "corriger_adresse_postale": Transition(LUS, RIEN, AGENT, "Corriger l’adresse postale", "Adresse postale du porteur corrigée", "porteur"),
    "ajouter_suite": Transition(LUS, RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
}
# fmt: on
