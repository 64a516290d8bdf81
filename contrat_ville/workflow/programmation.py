"""Life of a yearly programmation, from the call for projets to its closing; partners and requested papers."""

from contrat_ville.workflow.etats import AGENT, RIEN, EtatProgrammation
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition, etats

P = EtatProgrammation
SYSTEME = frozenset({Role.SYSTEME})
# Somebody who works for a financer writes the amounts of this financer only.
FINANCEUR = frozenset({Role.AGENT_DIRECTION, Role.AGENT_COMMUNE})
# Financers give their amounts late: envelopes can change until the programmation is adopted. The grid cannot:
# porteurs write their projets with it.
A_DOTER = etats(P.PREPAREE, P.OUVERTE, P.INSTRUCTION)
# fmt: off
TRANSITIONS: Table = {
    "preparer_programmation": Transition(etats(P.PREPAREE), RIEN, AGENT, "Préparer une programmation", "Programmation préparée"),
    "regler_programmation": Transition(etats(P.PREPAREE), RIEN, AGENT, "Changer le règlement et le calendrier", "Règlement et calendrier changés"),
    "ecrire_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Ajouter un critère", "Critère ajouté", "grille"),
    "reprendre_grille": Transition(etats(P.PREPAREE), RIEN, AGENT, "Reprendre la grille d’une autre année", "Grille reprise d’une autre année", "grille", si_possible=True),
    "corriger_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Corriger le critère", "Critère corrigé", "grille", sur="critere"),
    "retirer_critere": Transition(etats(P.PREPAREE), RIEN, AGENT, "Retirer le critère", "Critère retiré", "grille", est_dangereux=True, sur="critere"),
    "ecrire_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Ajouter une enveloppe", "Enveloppe ajoutée", "enveloppes"),
    "corriger_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Corriger l’enveloppe", "Enveloppe corrigée", "enveloppes", sur="enveloppe"),
    "retirer_enveloppe": Transition(A_DOTER, RIEN, AGENT, "Retirer l’enveloppe", "Enveloppe retirée", "enveloppes", est_dangereux=True, sur="enveloppe"),
    "ecrire_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Ajouter un indicateur", "Indicateur ajouté", "indicateurs"),
    "corriger_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Corriger l’indicateur", "Indicateur corrigé", "indicateurs", sur="indicateur"),
    "retirer_indicateur": Transition(A_DOTER | etats(P.PROGRAMMEE), RIEN, AGENT, "Retirer l’indicateur", "Indicateur retiré", "indicateurs", est_dangereux=True, sur="indicateur"),
    "ouvrir_appel": Transition(etats(P.PREPAREE), etats(P.OUVERTE), AGENT, "Ouvrir l’appel à projets", "Appel à projets ouvert"),
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
    "clore_programmation": Transition(etats(P.PROGRAMMEE), etats(P.CLOSE), AGENT, "Clore la programmation", "Programmation close"),
    "effacer_coordonnees": Transition(etats(P.CLOSE), RIEN, AGENT, "Effacer les coordonnées des porteurs", "Coordonnées des porteurs effacées", "RGPD", est_dangereux=True, si_possible=True, condition="contrat_ville.porteurs.conservation.visa_des_coordonnees"),
    "clore_appel": Transition(etats(P.OUVERTE), etats(P.INSTRUCTION), AGENT | SYSTEME, "Clore l’appel", "Appel à projets clos"),
}
APPARENCES: dict[str, Apparence] = {
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
