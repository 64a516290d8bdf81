"""The règlement of the Contrat de Ville: états, roles and tables of acts of a projet, a programmation, a quartier.

A projet is filed, instructed, proposed by the comité technique, decided by the comité de pilotage, notified, accompanied,
and lives in the network of supported projets.
"""

from django.db.models import TextChoices

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import (
    PARTOUT,
    ActeDePoste,
    Apparence,
    Couleur,
    Decision,
    Role,
    Table,
    Transition,
    etats,
)


class Etat(TextChoices):
    BROUILLON = "brouillon", "brouillon"
    DEPOSE = "depose", "déposé, recevabilité à vérifier"
    INSTRUCTION = "instruction", "en instruction"
    PROPOSE = "propose", "proposé au comité de pilotage"
    AJOURNE = "ajourne", "ajourné"
    RETENU = "retenu", "retenu, à conventionner"
    SOUS_RESERVE = "sous_reserve", "retenu sous réserve"
    REFUSE = "refuse", "non retenu"
    IRRECEVABLE = "irrecevable", "irrecevable"
    RETIRE = "retire", "retiré par son porteur"
    CONVENTIONNE = "conventionne", "conventionné"
    EN_COURS = "en_cours", "en cours"
    BILAN_ATTENDU = "bilan_attendu", "bilan attendu"
    EVALUE = "evalue", "bilan reçu"
    CLOS = "clos", "clos"


class EtatProgrammation(TextChoices):
    PREPAREE = "preparee", "en préparation"
    OUVERTE = "ouverte", "appel à projets ouvert"
    INSTRUCTION = "instruction", "projets en instruction"
    PROGRAMMEE = "programmee", "programmation arrêtée"
    CLOSE = "close", "close"


class Sens(TextChoices):
    DEPENSE = "depense", "dépense"
    RECETTE = "recette", "recette"


class AvisTechnique(TextChoices):
    """Opinion of the comité technique. The comité de pilotage alone decides."""

    FAVORABLE = "favorable", "favorable"
    DEFAVORABLE = "defavorable", "défavorable"


class Etape(TextChoices):
    """Stage of the grid: whether the projet is recevable, then its merits."""

    RECEVABILITE = "recevabilite", "recevabilité"
    MERITE = "merite", "intérêt du projet"


E = Etat
P = EtatProgrammation
BROUILLON = etats(E.BROUILLON)
# Filed and not decided yet.
EN_EXAMEN = etats(E.DEPOSE, E.INSTRUCTION, E.PROPOSE, E.AJOURNE)
# The instructors work on it, and may ask its team to complete it.
A_INSTRUIRE = etats(E.DEPOSE, E.INSTRUCTION, E.AJOURNE)
# Decided. The team is told when the letter leaves, not before.
RETENUS = etats(E.RETENU, E.SOUS_RESERVE)
DECIDES = RETENUS | etats(E.REFUSE, E.IRRECEVABLE)
# Supported projets, from the decision to the bilan received.
ACCOMPAGNES = RETENUS | etats(E.CONVENTIONNE, E.EN_COURS, E.BILAN_ATTENDU, E.EVALUE)
TERMINAUX = etats(E.REFUSE, E.IRRECEVABLE, E.RETIRE, E.CLOS)
VIVANTS = frozenset(E.values) - TERMINAUX - BROUILLON
PUBLIABLES = ACCOMPAGNES | etats(E.CLOS)

AGENT = frozenset({Role.AGENT})
# A member of the team of the projet.
PORTEUR = frozenset({Role.AUTEUR})
SYSTEME = frozenset({Role.SYSTEME})
RIEN: frozenset[str] = frozenset()


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
    "conventionner": Transition(etats(E.RETENU), etats(E.CONVENTIONNE), AGENT, "Enregistrer la convention", "Convention signée", "convention", condition="contrat_ville.models.manques.avant_de_conventionner"),
    "enregistrer_versement": Transition(PAYABLES, RIEN, AGENT, "Enregistrer un versement", "Versement enregistré", "versements", si_possible=True, condition="contrat_ville.models.manques.tout_est_verse"),
    "corriger_versement": Transition(PAYABLES | etats(E.CLOS), RIEN, AGENT, "Corriger le versement", "Versement corrigé", "versements", sur="versement"),
    "annuler_versement": Transition(PAYABLES | etats(E.CLOS), RIEN, AGENT, "Annuler le versement", "Versement annulé", "versements", est_dangereux=True, sur="versement"),
    "demarrer": Transition(etats(E.CONVENTIONNE), etats(E.EN_COURS), AGENT | SYSTEME, "Dire que le projet commence", "Projet commencé", "accompagnement"),
    "noter_accompagnement": Transition(ACCOMPAGNES, RIEN, AGENT, "Noter une visite, un appel, une étape", "Accompagnement noté", "accompagnement"),
    "demander_aide": Transition(ACCOMPAGNES, RIEN, PORTEUR, "Demander de l’aide", "Aide demandée par l’équipe", "accompagnement"),
    "clore_aide": Transition(frozenset(E.values), RIEN, AGENT, "Dire que l’aide est donnée", "Aide donnée", "accompagnement", sur="accompagnement"),
    "prevoir_indicateurs": Transition(A_VISER, RIEN, PORTEUR, "Dire les résultats visés", "Résultats visés dits par l’équipe", "indicateurs", si_possible=True, condition="contrat_ville.models.manques.avant_de_prevoir"),
    "attendre_bilan": Transition(etats(E.EN_COURS), etats(E.BILAN_ATTENDU), AGENT | SYSTEME, "Demander le bilan", "Bilan demandé", "bilan"),
    # The periodic task does not write to the teams of projets from Dauphin: an agent does.
    "demander_bilan": Transition(etats(E.BILAN_ATTENDU), RIEN, AGENT, "Demander le bilan à l’équipe", "Bilan demandé à l’équipe", "bilan", si_possible=True, condition="contrat_ville.models.manques.avant_du_bilan"),
    "rendre_bilan": Transition(etats(E.BILAN_ATTENDU), etats(E.EVALUE), PORTEUR, "Rendre le bilan", "Bilan rendu", "bilan"),
    "saisir_bilan": Transition(etats(E.BILAN_ATTENDU), etats(E.EVALUE), AGENT, "Saisir un bilan papier", "Bilan saisi d’après un papier", "bilan"),
    "renvoyer_bilan": Transition(etats(E.EVALUE), etats(E.BILAN_ATTENDU), AGENT, "Demander à compléter le bilan", "Bilan à compléter", "bilan"),
    "arreter_comptes": Transition(etats(E.EVALUE), RIEN, AGENT, "Arrêter les comptes", "Comptes arrêtés", "bilan", si_possible=True, condition="contrat_ville.models.manques.avant_d_arreter"),
    "enregistrer_reversement": Transition(etats(E.EVALUE), RIEN, AGENT, "Enregistrer un reversement", "Reversement reçu", "bilan", sur="reversement"),
    "clore": Transition(etats(E.EVALUE), etats(E.CLOS), AGENT, "Clore le dossier", "Dossier clos", "bilan", condition="contrat_ville.models.manques.avant_de_clore"),
    "publier_fiche": Transition(PUBLIABLES, RIEN, AGENT, "Publier la fiche du projet", "Fiche du projet publiée", "restitution", est_public=True, si_possible=True, condition="contrat_ville.models.manques.avant_de_publier"),
    "depublier_fiche": Transition(PUBLIABLES, RIEN, AGENT, "Retirer la fiche de la page publique", "Fiche du projet retirée", "restitution", est_dangereux=True, si_possible=True, condition="contrat_ville.models.manques.avant_de_depublier"),
    # Learned from the instruction or the bilan: policies served, suites asked of the metropolis.
    "relier_politiques": Transition(LUS, RIEN, AGENT, ici_plus_tard("Relier aux politiques {metropolitaines}"), ici_plus_tard("Relié aux politiques {metropolitaines}"), "instruction"),
    "corriger_adresse_postale": Transition(LUS, RIEN, AGENT, "Corriger l’adresse postale", "Adresse postale du porteur corrigée", "porteur", condition="contrat_ville.models.manques.porteur_connu"),
    "ajouter_suite": Transition(LUS, RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
}
# fmt: on


# Keys of the two comités among the instances.
TECHNIQUE, PILOTAGE = "cdv_technique", "cdv_pilotage"
A_EXAMINER = etats(E.INSTRUCTION, E.AJOURNE)
A_DECIDER = etats(E.PROPOSE, E.AJOURNE)
A_NOTIFIER = RETENUS | etats(E.REFUSE)
# Decisions that may be contested, or reopened.
PRISES = A_NOTIFIER | etats(E.IRRECEVABLE)
# A recours is answered even if the projet has moved on since.
A_CONTESTER = PRISES | PUBLIABLES
# fmt: off
COMITES: Table = {
    "inscrire_au_comite": Transition(A_EXAMINER | A_DECIDER, RIEN, AGENT, "Inscrire à un comité", "À l’ordre du jour d’un comité", "comités", si_possible=True, condition="contrat_ville.models.manques.sans_ordre_du_jour"),
    "proposer": Transition(A_EXAMINER, etats(E.PROPOSE), AGENT, "Proposer de soutenir", "Soutien proposé au comité de pilotage", "comité technique"),
    "proposer_refus": Transition(A_EXAMINER, etats(E.PROPOSE), AGENT, "Proposer de ne pas retenir", "Refus proposé au comité de pilotage", "comité technique"),
    "retenir": Transition(A_DECIDER, etats(E.RETENU), AGENT, "Retenir", "Projet retenu", "comité de pilotage", condition="contrat_ville.models.manques.avis_donne"),
    "retenir_sous_reserve": Transition(A_DECIDER, etats(E.SOUS_RESERVE), AGENT, "Retenir sous réserve", "Projet retenu sous réserve", "comité de pilotage", condition="contrat_ville.models.manques.avis_donne"),
    "refuser": Transition(A_DECIDER, etats(E.REFUSE), AGENT, "Ne pas retenir", "Projet non retenu", "comité de pilotage", est_dangereux=True, condition="contrat_ville.models.manques.avis_donne"),
    "ajourner": Transition(etats(E.INSTRUCTION, E.PROPOSE, E.AJOURNE), etats(E.AJOURNE), AGENT, "Ajourner", "Projet ajourné", "comités"),
    "lever_reserve": Transition(etats(E.SOUS_RESERVE), etats(E.RETENU), AGENT, "Lever la réserve", "Réserve levée", "comité de pilotage"),
    # A decision is notified to the team on another day than it is taken.
    "preparer_lettre": Transition(A_NOTIFIER, RIEN, AGENT, "Préparer la lettre", "Lettre de décision préparée", "notification", si_possible=True, condition="contrat_ville.models.manques.avant_de_notifier"),
    "joindre_lettre_signee": Transition(A_NOTIFIER, RIEN, AGENT, "Joindre la lettre signée", "Lettre signée jointe", "notification", si_possible=True, condition="contrat_ville.models.manques.avant_de_notifier"),
    "notifier": Transition(A_NOTIFIER, RIEN, AGENT, "Notifier la décision", "Décision notifiée", "notification", si_possible=True, condition="contrat_ville.models.manques.avant_de_notifier"),
    "notifier_par_courrier": Transition(A_NOTIFIER, RIEN, AGENT, "Noter la décision postée", "Décision notifiée par courrier", "notification", si_possible=True, condition="contrat_ville.models.manques.avant_de_notifier"),
    "recevoir_recours": Transition(PRISES, RIEN, AGENT, "Enregistrer un recours gracieux", "Recours gracieux reçu", "recours", si_possible=True, condition="contrat_ville.models.manques.avant_de_notifier"),
    "repondre_recours": Transition(A_CONTESTER, RIEN, AGENT, "Répondre au recours gracieux", "Réponse au recours gracieux", "recours", sur="recours"),
    "rouvrir": Transition(PRISES, etats(E.INSTRUCTION, E.PROPOSE), AGENT, "Rouvrir le projet", "Projet rouvert", "CRPA L242-1", est_dangereux=True),
    "noter_deport": Transition(VIVANTS, RIEN, AGENT, "Noter un déport", "Déport noté", "CRPA R133-12"),
}
# fmt: on
# Posting the letter of a decision notifies it.
LETTRE_DE_DECISION = "contrat_ville/notifier"
ACTES_DE_POSTE: dict[str, ActeDePoste] = {
    LETTRE_DE_DECISION: ActeDePoste(
        "notifier_par_courrier",
        "contrat_ville.notification.actes.notifier_par_courrier",
        "joindre_lettre_signee",
        "decision",
    )
}
AJOURNER = Decision(
    "Ajourner",
    "contrat_ville.comites.actes.ajourner",
    "contrat_ville.comites.actes.AjournerForm",
    favorable=False,
)
# Acts that each comité can do in séance, by the key of its instance.
DECISIONS: dict[str, dict[str, Decision]] = {
    TECHNIQUE: {
        "proposer": Decision(
            "Proposer de soutenir",
            "contrat_ville.comites.actes.proposer",
            "contrat_ville.comites.actes.ProposerForm",
        ),
        "proposer_refus": Decision(
            "Proposer de ne pas retenir",
            "contrat_ville.comites.actes.proposer_refus",
            "contrat_ville.comites.actes.ProposerRefusForm",
            favorable=False,
        ),
        "ajourner": AJOURNER,
    },
    PILOTAGE: {
        "retenir": Decision(
            "Retenir",
            "contrat_ville.comites.actes.retenir",
            "contrat_ville.comites.actes.RetenirForm",
            dit_sa_seance=True,
        ),
        "retenir_sous_reserve": Decision(
            "Retenir sous réserve",
            "contrat_ville.comites.actes.retenir_sous_reserve",
            "contrat_ville.comites.actes.RetenirSousReserveForm",
            dits=("reserve", "motif"),
            dit_sa_seance=True,
        ),
        "refuser": Decision(
            "Ne pas retenir",
            "contrat_ville.comites.actes.refuser",
            "contrat_ville.comites.actes.ProposerRefusForm",
            favorable=False,
            dit_sa_seance=True,
        ),
        "ajourner": AJOURNER,
    },
}
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    acte: decision for decisions in DECISIONS.values() for acte, decision in decisions.items()
}


# Somebody who works for a financer writes the amounts of this financer only.
FINANCEUR = frozenset({Role.AGENT_DIRECTION, Role.AGENT_COMMUNE})
# Financers give their amounts late: envelopes can change until the programmation is adopted. The grid cannot:
# porteurs write their projets with it.
A_DOTER = etats(P.PREPAREE, P.OUVERTE, P.INSTRUCTION)
# fmt: off
TRANSITIONS_DE_LA_PROGRAMMATION: Table = {
    "preparer_programmation": Transition(etats(P.PREPAREE), RIEN, AGENT, "Préparer une programmation", "Programmation préparée"),
    "regler_programmation": Transition(etats(P.PREPAREE), RIEN, AGENT, "Changer le règlement et le calendrier", "Règlement et calendrier changés"),
    "ecrire_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Ajouter un critère", "Critère ajouté", "grille"),
    "reprendre_grille": Transition(etats(P.PREPAREE), RIEN, AGENT, "Reprendre la grille d’une autre année", "Grille reprise d’une autre année", "grille", si_possible=True, condition="contrat_ville.models.programmations.Programmation.avant_de_reprendre"),
    "corriger_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Corriger le critère", "Critère corrigé", "grille", sur="critere"),
    "retirer_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Retirer le critère", "Critère retiré", "grille", est_dangereux=True, sur="critere"),
    "ecrire_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Ajouter une enveloppe", "Enveloppe ajoutée", "enveloppes"),
    "corriger_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Corriger l’enveloppe", "Enveloppe corrigée", "enveloppes", sur="enveloppe"),
    "retirer_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Retirer l’enveloppe", "Enveloppe retirée", "enveloppes", est_dangereux=True, sur="enveloppe"),
    "ecrire_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Ajouter un indicateur", "Indicateur ajouté", "indicateurs"),
    "corriger_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Corriger l’indicateur", "Indicateur corrigé", "indicateurs", sur="indicateur"),
    "retirer_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Retirer l’indicateur", "Indicateur retiré", "indicateurs", est_dangereux=True, sur="indicateur", condition="contrat_ville.models.indicateurs.Indicateur.sans_reponse"),
    "ouvrir_appel": Transition(etats(P.PREPAREE), etats(P.OUVERTE), AGENT, "Ouvrir l’appel à projets", "Appel à projets ouvert", condition="contrat_ville.models.programmations.Programmation.avant_d_ouvrir"),
    "prolonger_appel": Transition(etats(P.OUVERTE), RIEN, AGENT, "Prolonger l’appel", "Appel à projets prolongé"),
    # Several scenarios share the envelopes; one of them is adopted.
    "creer_scenario": Transition(etats(P.INSTRUCTION), RIEN, AGENT, "Écrire un scénario", "Scénario écrit", "comités"),
    "changer_scenario": Transition(etats(P.INSTRUCTION), RIEN, AGENT | FINANCEUR, "Enregistrer", "Scénario changé", "comités", sur="scenario"),
    "choisir_le_reste": Transition(etats(P.INSTRUCTION), RIEN, AGENT, "Choisir pour le reste", "Choix fait pour le reste des projets", "comités", sur="scenario"),
    "renommer_scenario": Transition(etats(P.INSTRUCTION), RIEN, AGENT, "Renommer", "Scénario renommé", "comités", sur="scenario"),
    "ecarter_scenario": Transition(etats(P.INSTRUCTION), RIEN, AGENT, "Écarter ce scénario", "Scénario écarté", "comités", est_dangereux=True, sur="scenario"),
    "proposer_scenario": Transition(etats(P.INSTRUCTION), RIEN, AGENT, "Proposer au comité de pilotage", "Scénario proposé au comité de pilotage", "comité technique", sur="scenario"),
    "arreter_programmation": Transition(etats(P.INSTRUCTION), etats(P.PROGRAMMEE), AGENT, "Arrêter la programmation", "Programmation arrêtée", "comité de pilotage", est_dangereux=True, sur="scenario"),
    "preparer_deliberation": Transition(etats(P.PROGRAMMEE, P.CLOSE), RIEN, AGENT, "Préparer le tableau de la délibération", "Tableau de la délibération préparé", "délibération"),
    "clore_programmation": Transition(etats(P.PROGRAMMEE), etats(P.CLOSE), AGENT, "Clore la programmation", "Programmation close", condition="contrat_ville.models.programmations.Programmation.avant_de_clore"),
    "effacer_coordonnees": Transition(etats(P.CLOSE), RIEN, AGENT, "Effacer les coordonnées des porteurs", "Coordonnées des porteurs effacées", "RGPD", est_dangereux=True, si_possible=True, condition="contrat_ville.porteurs.conservation.visa_des_coordonnees"),
    "clore_appel": Transition(etats(P.OUVERTE), etats(P.INSTRUCTION), AGENT | SYSTEME, "Clore l’appel", "Appel à projets clos"),
}
APPARENCES_DE_LA_PROGRAMMATION: dict[str, Apparence] = {
    P.PREPAREE: Apparence(Couleur.NEUTRE, "document", "le service prépare l’appel à projets.", {Role.AGENT: "[réglez le calendrier](regler_programmation), [la grille](ecrire_critere) et [les enveloppes](ecrire_enveloppe), puis [ouvrez l’appel](ouvrir_appel)."}),
    P.OUVERTE: Apparence(Couleur.ACCENT, "horloge", "les porteurs déposent leurs projets jusqu’au {cloture}."),
    P.INSTRUCTION: Apparence(Couleur.INFO, "personnes", "les projets sont instruits, puis passent devant les comités.", {Role.AGENT: "[écrivez un scénario](creer_scenario), montrez-le aux comités, puis arrêtez la programmation."}),
    P.PROGRAMMEE: Apparence(Couleur.SUCCES, "coche", "les décisions sont prises.", {Role.AGENT: "notifiez chaque décision, puis [closez la programmation](clore_programmation)."}),
    P.CLOSE: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu."),
}
# A partner outlasts a programmation: it has no état, it is active or not.
TRANSITIONS_DU_PARTENAIRE: Table = {
    "ajouter_partenaire": Transition(PARTOUT, RIEN, AGENT, "Ajouter un partenaire", "Partenaire ajouté"),
    "modifier_partenaire": Transition(PARTOUT, RIEN, AGENT, "Modifier le partenaire", "Partenaire modifié"),
}
# A requested paper has no état either: it is active or not.
TRANSITIONS_DE_LA_PIECE: Table = {
    "ajouter_type_piece": Transition(PARTOUT, RIEN, AGENT, "Demander une autre pièce", "Pièce demandée"),
    "modifier_type_piece": Transition(PARTOUT, RIEN, AGENT, "Modifier la pièce demandée", "Pièce demandée modifiée"),
}
# fmt: on


class EtatGroupe(TextChoices):
    PREPARE = "prepare", "en préparation"
    TENU = "tenu", "tenu, synthèse à écrire"
    RESTITUE = "restitue", "synthèse écrite"
    CLOS = "clos", "clos"
    ANNULE = "annule", "annulé"


class Age(TextChoices):
    """Age groups, wide enough not to identify anybody."""

    MINEUR = "mineur", "moins de 18 ans"
    JEUNE = "jeune", "18 à 25 ans"
    ADULTE = "adulte", "26 à 59 ans"
    AINE = "aine", "60 ans et plus"
    NON_DIT = "non_dit", "âge non dit"


class Accord(TextChoices):
    """How the participant gave their agreement."""

    ECRIT = "ecrit", "par écrit"
    ORAL = "oral", "de vive voix"
    PARENT = "parent", "par écrit, d’un parent aussi"


G = EtatGroupe


# A référent of the quartier (`roles_de`), wherever they work.
REFERENT = AGENT | {Role.MEMBRE}
# fmt: off
TRANSITIONS_DU_QUARTIER: Table = {
    "nommer_referents": Transition(PARTOUT, RIEN, AGENT, "Nommer les référents", "Référents nommés"),
    "noter_reunion": Transition(PARTOUT, RIEN, REFERENT, "Noter une réunion", "Réunion notée"),
    "corriger_reunion": Transition(PARTOUT, RIEN, REFERENT, "Corriger la réunion", "Réunion corrigée", sur="reunionquartier"),
    "noter_observation": Transition(PARTOUT, RIEN, REFERENT, "Noter une observation", "Observation notée"),
    "retirer_observation": Transition(PARTOUT, RIEN, REFERENT, "Retirer l’observation", "Observation retirée", sur="observationquartier", est_dangereux=True),
}

TRANSITIONS_DU_GROUPE: Table = {
    "preparer_groupe": Transition(etats(G.PREPARE), RIEN, REFERENT, "Préparer un groupe de discussion", "Groupe de discussion préparé", "préparation"),
    "modifier_groupe": Transition(etats(G.PREPARE), RIEN, REFERENT, "Changer la date et le guide", "Date ou guide changé", "préparation"),
    "ajouter_participant": Transition(etats(G.PREPARE, G.TENU), RIEN, REFERENT, "Ajouter une personne", "Personne ajoutée, par son profil", "préparation"),
    "retirer_accord": Transition(etats(G.PREPARE, G.TENU, G.RESTITUE, G.CLOS), RIEN, REFERENT, "Retirer son accord", "Accord retiré : paroles effacées", "RGPD", sur="participantgroupe", est_dangereux=True),
    "tenir_groupe": Transition(etats(G.PREPARE), etats(G.TENU), REFERENT, "Dire que le groupe s’est réuni", "Groupe réuni", "réunion", condition="contrat_ville.models.quartiers.GroupeDiscussion.avant_de_tenir"),
    "noter_parole": Transition(etats(G.TENU, G.RESTITUE), RIEN, REFERENT, "Noter une parole", "Parole notée, sans nom", "réunion", condition="contrat_ville.models.quartiers.GroupeDiscussion.avant_de_noter"),
    "retirer_parole": Transition(etats(G.TENU, G.RESTITUE, G.CLOS), RIEN, REFERENT, "Retirer cette parole", "Parole retirée", "réunion", sur="parole", est_dangereux=True),
    "rediger_synthese": Transition(etats(G.TENU, G.RESTITUE), etats(G.RESTITUE), REFERENT, "Écrire la synthèse", "Synthèse écrite", "restitution"),
    "publier_synthese": Transition(etats(G.RESTITUE), RIEN, REFERENT, "Publier la synthèse", "Synthèse publiée", "restitution", est_public=True, si_possible=True, condition="contrat_ville.models.quartiers.GroupeDiscussion.avant_de_publier"),
    "ajouter_suite": Transition(etats(G.RESTITUE), RIEN, REFERENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "clore_groupe": Transition(etats(G.RESTITUE), etats(G.CLOS), REFERENT, "Clore le dossier", "Dossier clos", "suites", condition="contrat_ville.models.quartiers.GroupeDiscussion.avant_de_clore"),
    "annuler_groupe": Transition(etats(G.PREPARE), etats(G.ANNULE), REFERENT, "Annuler le groupe", "Groupe annulé", est_dangereux=True),
}

APPARENCES_DU_GROUPE: dict[str, Apparence] = {
    G.PREPARE: Apparence(Couleur.INFO, "document", "le groupe se réunit {quand}.", {Role.MEMBRE: "relisez le guide, notez qui vient par son profil, avec son accord."}),
    G.TENU: Apparence(Couleur.ATTENTION, "horloge", "ce qui s’est dit est mis en ordre dans une synthèse.", {Role.MEMBRE: "notez les paroles sans nom, puis écrivez la synthèse."}),
    G.RESTITUE: Apparence(Couleur.ACCENT, "suites", ici_plus_tard("la {metropole} répond à ce qui est demandé."), {Role.MEMBRE: "ajoutez une suite pour chaque demande, puis publiez la synthèse."}),
    G.CLOS: Apparence(Couleur.SUCCES, "coche", "plus rien n’est attendu."),
    G.ANNULE: Apparence(Couleur.NEUTRE, "croix", "le groupe ne se réunit pas."),
}
# fmt: on
ACTES_DUS_DU_GROUPE: dict[str, str] = {G.TENU: "rediger_synthese", G.RESTITUE: "ajouter_suite"}


# Key of the network among the instances: its meetings are séances of this instance.
RESEAU_CLE = "cdv_reseau"
# An agreement can be withdrawn in any état of the projet.
TOUS = frozenset(Etat.values)
# fmt: off
RESEAU: Table = {
    "rejoindre_reseau": Transition(PUBLIABLES, RIEN, PORTEUR, "Rejoindre le réseau", "Équipe entrée dans le réseau", "réseau", si_possible=True, condition="contrat_ville.models.manques.avant_de_rejoindre"),
    "decrire_au_reseau": Transition(PUBLIABLES, RIEN, PORTEUR, "Changer ce que le réseau lit", "Présentation au réseau changée", "réseau", si_possible=True, condition="contrat_ville.models.manques.est_du_reseau"),
    "quitter_reseau": Transition(TOUS, RIEN, PORTEUR, "Quitter le réseau", "Équipe sortie du réseau", "réseau", est_dangereux=True, si_possible=True, condition="contrat_ville.models.manques.est_du_reseau"),
    "proposer_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Proposer un contact", "Contact proposé à un projet voisin", "réseau", si_possible=True, condition="contrat_ville.models.manques.est_du_reseau"),
    "accepter_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Accepter le contact", "Contact accepté", "réseau", sur="voisin", condition="contrat_ville.models.reseau.Voisin.sont_du_reseau"),
    "decliner_contact": Transition(TOUS, RIEN, PORTEUR, "Ne pas donner suite", "Contact sans suite", "réseau", sur="voisin"),
    "ecrire_voisin": Transition(PUBLIABLES, RIEN, PORTEUR, "Écrire à cette équipe", "Message écrit à un projet voisin", "réseau", sur="voisin", condition="contrat_ville.models.reseau.Voisin.sont_du_reseau"),
    "reprendre_contact": Transition(PUBLIABLES, RIEN, PORTEUR, "Reprendre contact", "Contact proposé de nouveau", "réseau", sur="voisin", condition="contrat_ville.models.reseau.Voisin.sont_du_reseau"),
    "terminer_contact": Transition(TOUS, RIEN, AGENT, "Mettre fin au contact", "Contact terminé par le service", "réseau", est_dangereux=True, sur="voisin"),
    "rompre_contact": Transition(TOUS, RIEN, PORTEUR, "Ne plus être en contact", "Contact terminé", "réseau", est_dangereux=True, sur="voisin"),
}
# fmt: on


# fmt: off
INSTRUCTION: Table = {
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Projet pris en charge"),
    "repartir": Transition(VIVANTS, RIEN, SYSTEME, "Confier à un instructeur", "Confié à un instructeur", "instruction"),
    "reaffecter": Transition(VIVANTS, RIEN, AGENT, "Confier à un autre instructeur", "Confié à un autre instructeur", "instruction"),
    "classer_projet": Transition(VIVANTS, RIEN, AGENT, "Classer : axe, quartiers, culture", "Projet classé", "instruction"),
    "evaluer": Transition(A_INSTRUIRE, RIEN, AGENT, "Remplir la grille", "Grille remplie", "instruction"),
    "declarer_recevable": Transition(etats(E.DEPOSE), etats(E.INSTRUCTION), AGENT, "Déclarer recevable", "Projet déclaré recevable", "recevabilité", condition="contrat_ville.models.manques.avant_d_examiner"),
    "declarer_irrecevable": Transition(etats(E.DEPOSE), etats(E.IRRECEVABLE), AGENT, "Déclarer irrecevable", "Projet déclaré irrecevable", "recevabilité", est_dangereux=True),
    "lever_bilan_manquant": Transition(etats(E.DEPOSE), RIEN, AGENT, "Passer outre un bilan manquant", "Bilan manquant : examen autorisé", "recevabilité", si_possible=True, condition="contrat_ville.models.manques.avant_de_lever"),
    # Questions and answers.
    "demander_complement": Transition(A_INSTRUIRE, RIEN, AGENT, "Demander à compléter", "Complément demandé", "instruction", si_possible=True, condition="contrat_ville.models.manques.sans_complement"),
    "completer": Transition(A_INSTRUIRE, RIEN, PORTEUR, "Compléter le projet", "Projet complété par son équipe", "instruction", si_possible=True, condition="contrat_ville.models.manques.avant_de_completer"),
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
    "enregistrer_brouillon": Transition(BROUILLON | A_INSTRUIRE, RIEN, PORTEUR, "Enregistrer ce qui est écrit", "Texte enregistré", "dépôt", si_possible=True, condition="contrat_ville.models.manques.avant_d_ecrire"),
    "inviter_equipier": Transition(VIVANTS | BROUILLON, RIEN, PORTEUR, "Inviter dans l’équipe", "Personne invitée dans l’équipe", "dépôt"),
    # A projet from Dauphin has no team here: the service opens the space of its porteur.
    "ouvrir_equipe": Transition(VIVANTS, RIEN, AGENT, "Ouvrir l’espace du porteur", "Espace ouvert au porteur", "dépôt", si_possible=True, condition="contrat_ville.models.manques.sans_equipe"),
    "rejoindre_equipe": Transition(VIVANTS | BROUILLON, RIEN, PORTEUR, "Rejoindre l’équipe", "Personne entrée dans l’équipe", "dépôt", sur="equipier"),
    "retirer_equipier": Transition(PARTOUT, RIEN, PORTEUR, "Retirer de l’équipe", "Personne retirée de l’équipe", "dépôt", est_dangereux=True, sur="equipier"),
    "deposer": Transition(BROUILLON, etats(E.DEPOSE), PORTEUR | AGENT, "Déposer le projet", "Projet déposé", "dépôt", condition="contrat_ville.models.manques.avant_de_deposer"),
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
    E.PROPOSE: Apparence(Couleur.INFO, "salle", "le comité de pilotage décide{au_comite}, puis la décision est écrite au porteur.", {Role.AGENT: "{a_inscrire}"}),
    E.AJOURNE: Apparence(Couleur.ATTENTION, "horloge", "le projet revient devant un comité{au_comite}.", {Role.AGENT: "{a_inscrire}", Role.AUTEUR: "la raison est sur la page du projet ; le service vous écrit s’il faut le compléter."}),
    E.RETENU: Apparence(Couleur.SUCCES, "coche", "la décision est prise ; la convention suit.", {Role.AGENT: "{a_dire}[enregistrez la convention](conventionner)."}),
    E.SOUS_RESERVE: Apparence(Couleur.ATTENTION, "alerte", "le projet est retenu si la réserve est levée.", {Role.AGENT: "{a_dire}[levez la réserve](lever_reserve)."}),
    E.REFUSE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas retenu ; la lettre de décision dit pourquoi.", {Role.AGENT: "{a_faire}"}),
    E.IRRECEVABLE: Apparence(Couleur.NEUTRE, "croix", "le projet n’est pas recevable ; la raison est dite au porteur."),
    E.RETIRE: Apparence(Couleur.NEUTRE, "croix", "plus rien n’est attendu."),
    E.CONVENTIONNE: Apparence(Couleur.ACCENT, "document", "le projet peut commencer.", {Role.AGENT: "[notez les versements](enregistrer_versement) et [le démarrage](demarrer)."}),
    E.EN_COURS: Apparence(Couleur.ACCENT, "suites", "le projet se réalise ; le service l’accompagne."),
    E.BILAN_ATTENDU: Apparence(Couleur.ATTENTION, "horloge", "le porteur rend le bilan{avant}.", {Role.AUTEUR: "[rendez le bilan de votre projet](rendre_bilan).", Role.AGENT: "[relancez le porteur](ecrire_message) si le bilan tarde, ou [saisissez un bilan papier](saisir_bilan)."}),
    E.EVALUE: Apparence(Couleur.SUCCES, "coche", "{bilan}.", {Role.AGENT: "{a_clore}"}),
    E.CLOS: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu."),
}
# fmt: on
# What each does while the service awaits what the team adds.
EN_ATTENTE_DU_COMPLEMENT: dict[str, str] = {
    Role.AUTEUR: "écrivez ce qui manque, puis [renvoyez le projet](completer).",
    Role.AGENT: "attendez son renvoi ; sous « Demandes », relancez l’équipe ou annulez la demande.",
}
# Act expected first from an agent in each état.
ACTES_DUS: dict[str, str] = {
    E.DEPOSE: "declarer_recevable",
    E.INSTRUCTION: "",
    E.PROPOSE: "inscrire_au_comite",
    E.AJOURNE: "inscrire_au_comite",
    E.BILAN_ATTENDU: "",
}
