"""États and acts of a séance, a point, a vote and a procès-verbal, the same for every instance."""

from django.db.models import TextChoices

from participation.socle.workflow import (
    ACTES_DE_COURRIER,
    PARTOUT,
    Apparence,
    Couleur,
    Role,
    Table,
    Transition,
    etats,
)


class Etat(TextChoices):
    PROGRAMMEE = "programmee", "programmée"
    CONVOQUEE = "convoquee", "convoquée"
    OUVERTE = "ouverte", "ouverte"
    SUSPENDUE = "suspendue", "suspendue"
    LEVEE = "levee", "levée"
    REPORTEE = "reportee", "reportée faute de quorum"
    ANNULEE = "annulee", "annulée"


E = Etat
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
# Done by an agent, or by an act of another app (role SYSTEME).
SERVICE = frozenset({Role.AGENT, Role.SYSTEME})
MEMBRE = frozenset({Role.MEMBRE})
AUTEUR = frozenset({Role.AUTEUR})
HORLOGE = frozenset({Role.SYSTEME})
A_VENIR = etats(E.PROGRAMMEE, E.CONVOQUEE)
EN_COURS = etats(E.OUVERTE, E.SUSPENDUE)
# Over: a procès-verbal says what was done, or that the quorum was missing.
FINIES = etats(E.LEVEE, E.REPORTEE)
TOUS = frozenset(E)

# fmt: off
# An instance has no état: its members and its programme may change at any time.
ACTES_INSTANCE: Table = {
    "creer_instance": Transition(PARTOUT, RIEN, AGENT, "Ajouter une instance", "Instance créée"),
    "modifier_instance": Transition(PARTOUT, RIEN, AGENT, "Modifier l’instance", "Instance modifiée"),
    "ecrire_reglement": Transition(PARTOUT, RIEN, AGENT, "Écrire une version du règlement", "Règlement écrit"),
    "ouvrir_mandature": Transition(PARTOUT, RIEN, AGENT, "Ouvrir une mandature", "Mandature ouverte"),
    "creer_college": Transition(PARTOUT, RIEN, AGENT, "Créer un collège", "Collège créé", sur="mandature"),
    "modifier_mandature": Transition(PARTOUT, RIEN, AGENT, "Modifier la mandature", "Mandature modifiée", sur="mandature"),
    "installer": Transition(PARTOUT, RIEN, SERVICE, "Dire la mandature installée", "Mandature installée", sur="mandature"),
    "nommer": Transition(PARTOUT, RIEN, SERVICE, "Nommer un membre", "Membre nommé", "CRPA R133-3", sur="college"),
    "nommer_elus": Transition(PARTOUT, RIEN, AGENT, "Nommer qui est élu sans candidat", "Membres élus sans candidat nommés", sur="college", si_possible=True),
    "modifier_college": Transition(PARTOUT, RIEN, AGENT, "Modifier le collège", "Collège modifié", sur="college"),
    "modifier_membre": Transition(PARTOUT, RIEN, AGENT, "Modifier le mandat", "Mandat modifié", sur="membre"),
    "mettre_fin": Transition(PARTOUT, RIEN, SERVICE, "Mettre fin au mandat", "Fin de mandat", est_dangereux=True, sur="membre"),
    "remplacer": Transition(PARTOUT, RIEN, AGENT, "Nommer un remplaçant", "Membre remplacé", "CRPA R133-4", sur="membre", si_possible=True),
    **ACTES_DE_COURRIER,
    # Programme of the year
    "ajouter_prevision": Transition(PARTOUT, RIEN, AGENT, "Ajouter un point", "Point mis au programme"),
    "preparer_annee": Transition(PARTOUT, RIEN, AGENT, "Préparer l’année", "Programme préparé", "L1413-1 CGCT"),
    "ajouter_recurrence": Transition(PARTOUT, RIEN, AGENT, "Ajouter un point récurrent", "Point récurrent ajouté", "L1413-1 CGCT"),
    "modifier_recurrence": Transition(PARTOUT, RIEN, AGENT, "Modifier le point récurrent", "Point récurrent modifié", sur="recurrence"),
    "inscrire_prevision": Transition(PARTOUT, RIEN, AGENT, "Mettre à l’ordre du jour", "Point mis à l’ordre du jour", sur="prevision"),
    "deplacer_prevision": Transition(PARTOUT, RIEN, AGENT, "Déplacer", "Point déplacé", sur="prevision"),
    "abandonner_prevision": Transition(PARTOUT, RIEN, AGENT, "Retirer", "Point retiré du programme", est_dangereux=True, sur="prevision"),
    # Demands of members
    "demander_point": Transition(PARTOUT, RIEN, MEMBRE, "Demander un point à l’ordre du jour", "Point demandé", "L1413-1 CGCT", sur="membre", condition="participation.seances.models.membres.Membre.avant_de_demander"),
    "soutenir": Transition(PARTOUT, RIEN, MEMBRE, "Soutenir", "Demande soutenue", "L1413-1 CGCT", sur="demandepoint"),
    "ne_plus_soutenir": Transition(PARTOUT, RIEN, MEMBRE, "Retirer mon soutien", "Soutien retiré", sur="demandepoint", si_possible=True),
    "retirer_demande": Transition(PARTOUT, RIEN, AUTEUR, "Retirer ma demande", "Demande retirée", sur="demandepoint"),
    "inscrire_demande": Transition(PARTOUT, RIEN, AGENT, "Inscrire la demande à l’ordre du jour", "Demande inscrite", "L1413-1 CGCT", sur="demandepoint"),
}
TRANSITIONS: Table = {
    "programmer": Transition(etats(E.PROGRAMMEE), RIEN, SERVICE, "Programmer une séance", "Séance programmée"),
    "convoquer": Transition(etats(E.PROGRAMMEE), etats(E.CONVOQUEE), SERVICE, "Convoquer les membres", "Membres convoqués", "convocation", condition="participation.seances.models.manques.de_quoi_convoquer"),
    "informer": Transition(etats(E.CONVOQUEE), RIEN, AGENT, "Prévenir du nouvel ordre du jour", "Membres prévenus du nouvel ordre du jour", "convocation", si_possible=True, condition="participation.seances.models.manques.de_quoi_informer"),
    "seconde_convocation": Transition(etats(E.REPORTEE), RIEN, SERVICE, "Convoquer une seconde fois", "Seconde convocation, avec le même ordre du jour", "CRPA R133-10", si_possible=True, condition="participation.seances.models.manques.points_a_reprendre"),
    "relancer_reponses": Transition(etats(E.CONVOQUEE), RIEN, AGENT, "Relancer qui n’a pas répondu", "Personnes relancées", si_possible=True, condition="participation.seances.models.manques.reponses_attendues"),
    "deplacer": Transition(A_VENIR, RIEN, AGENT, "Déplacer", "Séance déplacée", "convocation"),
    "modifier": Transition(A_VENIR, RIEN, SERVICE, "Modifier la séance", "Séance modifiée"),
    "annuler": Transition(A_VENIR, etats(E.ANNULEE), AGENT, "Annuler la séance", "Séance annulée", "convocation", est_dangereux=True),
    # Agenda and its documents
    "choisir_participants": Transition(etats(E.PROGRAMMEE), RIEN, AGENT, "Choisir les participants", "Participants choisis", si_possible=True, condition="participation.seances.models.manques.participants_a_choisir"),
    "copier_ordre_du_jour": Transition(etats(E.PROGRAMMEE), RIEN, AGENT, "Reprendre un ordre du jour", "Ordre du jour repris"),
    "inviter": Transition(A_VENIR | EN_COURS, RIEN, AGENT, "Inviter une personne", "Personne invitée"),
    "desinviter": Transition(A_VENIR, RIEN, AGENT, "Ne plus inviter", "Invitation retirée", est_dangereux=True, sur="invite"),
    "noter_invite": Transition(etats(E.CONVOQUEE) | EN_COURS | FINIES, RIEN, AGENT, "Noter sa présence", "Présence d’une personne invitée notée", sur="invite", condition="participation.seances.models.manques.jour_venu"),
    "ajouter_point": Transition(A_VENIR | EN_COURS, RIEN, SERVICE, "Ajouter un point", "Point ajouté"),
    "modifier_point": Transition(A_VENIR | EN_COURS, RIEN, SERVICE, "Modifier le point", "Point modifié", sur="point"),
    "ordonner": Transition(A_VENIR | EN_COURS, RIEN, AGENT, "Changer l’ordre", "Point déplacé dans l’ordre du jour", sur="point"),
    "retirer_point": Transition(A_VENIR | EN_COURS, RIEN, AGENT, "Retirer le point", "Point retiré", est_dangereux=True, sur="point"),
    "ajouter_dossier": Transition(A_VENIR | EN_COURS, RIEN, SERVICE, "Ajouter un dossier", "Dossier mis au point", sur="point"),
    "retirer_dossier": Transition(A_VENIR | EN_COURS, RIEN, AGENT, "Retirer le dossier", "Dossier retiré du point", sur="pointdossier"),
    "joindre_piece": Transition(TOUS - {E.ANNULEE}, RIEN, SERVICE, "Joindre une pièce", "Pièce jointe"),
    "retirer_piece": Transition(PARTOUT, RIEN, AGENT, "Retirer la pièce", "Pièce retirée", est_dangereux=True, sur="pieceseance"),
    # Sendings and answers. A person answers by the signed link without an account (role SYSTEME).
    "envoyer_convocation": Transition(PARTOUT, RIEN, HORLOGE, "Envoyer la convocation", "Convocation envoyée", "convocation"),
    "repondre": Transition(etats(E.CONVOQUEE), RIEN, MEMBRE | HORLOGE, "Répondre", "Réponse à la convocation", sur="convie"),
    "noter_reponse": Transition(etats(E.CONVOQUEE), RIEN, AGENT, "Noter la réponse", "Réponse notée", sur="convie"),
    # Visits and trainings
    "inscrire": Transition(PARTOUT, RIEN, AGENT | MEMBRE, "Inscrire un membre", "Inscription", sur="inscription"),
    "desinscrire": Transition(PARTOUT, RIEN, AGENT | MEMBRE, "Annuler l’inscription", "Inscription annulée", est_dangereux=True, sur="inscription"),
    "obtenir_place": Transition(PARTOUT, RIEN, HORLOGE, "Donner une place", "Une place s’est libérée", sur="inscription"),
    "noter_venues": Transition(PARTOUT, RIEN, AGENT, "Noter les présences", "Présences notées"),
    "donner_retour": Transition(PARTOUT, RIEN, AUTEUR, "Donner mon retour", "Retour donné", sur="inscription"),
    # A visit or a training has no facilitator to close it: a periodic task does, after its end time.
    "achever": Transition(A_VENIR, etats(E.LEVEE), HORLOGE, "Achever la rencontre", "Rencontre terminée"),
    # Opening, suspending and closing
    "ouvrir": Transition(etats(E.CONVOQUEE), etats(E.OUVERTE), AGENT, "Ouvrir la séance", "Séance ouverte", "quorum"),
    "reporter": Transition(etats(E.CONVOQUEE, E.OUVERTE, E.SUSPENDUE), etats(E.REPORTEE), AGENT, "Constater l’absence de quorum", "Séance reportée faute de quorum", "quorum", est_dangereux=True, condition="participation.seances.models.manques.heure_venue"),
    "suspendre": Transition(etats(E.OUVERTE), etats(E.SUSPENDUE), AGENT, "Suspendre", "Séance suspendue"),
    "reprendre": Transition(etats(E.SUSPENDUE), etats(E.OUVERTE), AGENT, "Reprendre", "Séance reprise"),
    "lever": Transition(EN_COURS, etats(E.LEVEE), AGENT, "Lever la séance", "Séance levée", est_dangereux=True),
}

# Acts during the séance, and its documents afterwards. An act by a signed link has the role SYSTEME.
PRESENCES = etats(E.CONVOQUEE) | EN_COURS
CHACUN = AGENT | MEMBRE | HORLOGE
EN_SEANCE: Table = {
    "presider": Transition(EN_COURS, RIEN, AGENT, "Changer de présidence", "Présidence changée"),
    "accueillir": Transition(PRESENCES, RIEN, AGENT, "Noter une arrivée", "Personne ajoutée à la liste", condition="participation.seances.models.manques.jour_venu"),
    "arriver": Transition(PRESENCES, RIEN, CHACUN, "Noter l’arrivée", "Arrivée notée", sur="convie", condition="participation.seances.models.convies.Convie.avant_d_arriver"),
    "partir": Transition(PRESENCES, RIEN, CHACUN, "Noter le départ", "Départ noté", sur="convie", condition="participation.seances.models.manques.jour_venu"),
    "corriger_presence": Transition(PRESENCES | FINIES, RIEN, AGENT, "Corriger les heures", "Heures de présence corrigées", sur="presence"),
    "retirer_convie": Transition(PARTOUT, RIEN, AGENT, "Noter la fin de son mandat", "Fin de mandat notée", est_dangereux=True, sur="convie"),
    # Points
    "passer_au_point": Transition(etats(E.OUVERTE), RIEN, AGENT, "Passer à ce point", "Point en cours", sur="point"),
    "traiter_point": Transition(EN_COURS, RIEN, AGENT, "Point traité", "Point traité", sur="point"),
    "reporter_point": Transition(EN_COURS, RIEN, AGENT, "Reporter le point", "Point reporté", sur="point"),
    "abandonner_point": Transition(EN_COURS, RIEN, AGENT, "Retirer le point de l’ordre du jour", "Point retiré de l’ordre du jour", est_dangereux=True, sur="point"),
    "noter_releve": Transition(EN_COURS, RIEN, AGENT, "Enregistrer les notes", "Notes enregistrées", sur="point"),
    "se_deporter": Transition(EN_COURS, RIEN, AGENT, "Noter un déport", "Déport noté", "CRPA R133-12", sur="point"),
    "me_deporter": Transition(EN_COURS, RIEN, MEMBRE, "Me déporter", "Déport noté", "CRPA R133-12", sur="convie", condition="participation.seances.models.convies.Convie.siege"),
    "lever_deport": Transition(EN_COURS, RIEN, AGENT, "Lever le déport", "Déport levé", sur="deport", condition="participation.seances.models.deroule.Deport.avant_de_lever"),
    "lever_mon_deport": Transition(EN_COURS, RIEN, MEMBRE, "Revenir sur mon déport", "Déport levé", sur="deport", condition="participation.seances.models.deroule.Deport.avant_de_lever"),
    "noter_desaccord": Transition(EN_COURS, RIEN, AGENT, "Noter un désaccord", "Désaccord noté", "CRPA R133-13", sur="point"),
    "mon_desaccord": Transition(EN_COURS, RIEN, MEMBRE, "Faire noter mon désaccord", "Désaccord noté", "CRPA R133-13", sur="convie", condition="participation.seances.models.convies.Convie.siege"),
    # Speech: these acts write no line in the journal.
    "demander_la_parole": Transition(EN_COURS, RIEN, CHACUN, "Demander la parole", "Parole demandée", sur="convie", condition="participation.seances.models.convies.Convie.avant_de_parler"),
    "retirer_la_parole": Transition(EN_COURS, RIEN, CHACUN, "Ne plus demander la parole", "Demande de parole retirée", sur="convie"),
    "donner_la_parole": Transition(etats(E.OUVERTE), RIEN, AGENT, "Donner la parole", "Parole donnée", sur="parole"),
    # Votes. `voter` has the role SYSTEME: its page finds the seat of the person who votes.
    "ouvrir_vote": Transition(etats(E.OUVERTE), RIEN, AGENT, "Ouvrir le vote", "Vote ouvert", sur="point", condition="participation.seances.models.points.Point.avant_du_vote"),
    "voter": Transition(EN_COURS, RIEN, HORLOGE, "Voter", "Voix donnée", sur="vote"),
    "noter_voix_tardive": Transition(EN_COURS | FINIES, RIEN, HORLOGE, "Noter une voix tardive", "Voix arrivée après la clôture, non comptée", sur="vote"),
    "voter_pour": Transition(EN_COURS, RIEN, AGENT, "Noter un vote", "Vote noté", sur="vote"),
    "faire_l_appel": Transition(EN_COURS, RIEN, AGENT, "Faire l’appel", "Appel fait", sur="vote"),
    "demander_le_secret": Transition(EN_COURS, RIEN, MEMBRE, "Demander un vote à bulletin secret", "Vote à bulletin secret demandé", "L2121-21 CGCT", sur="convie", condition="participation.seances.models.convies.Convie.siege"),
    "compter_bulletins": Transition(EN_COURS, RIEN, AGENT, "Ajouter des bulletins papier", "Bulletins papier à compter", sur="vote"),
    "ne_pas_compter": Transition(EN_COURS, RIEN, AGENT, "Ne pas compter de papier", "Bulletins papier laissés de côté", est_dangereux=True, sur="vote", si_possible=True, condition="participation.seances.models.votes.Vote.papier_attendu"),
    "donner_son_compte": Transition(EN_COURS, RIEN, AGENT | MEMBRE, "Donner son compte", "Compte des bulletins papier donné", sur="comptepapier"),
    "compter_mains": Transition(EN_COURS, RIEN, AGENT, "Compter à main levée", "Mains comptées", sur="vote"),
    "clore_vote": Transition(EN_COURS, RIEN, AGENT, "Clore le vote", "Vote clos", sur="vote", condition="participation.seances.models.votes.Vote.avant_de_clore"),
    "annuler_vote": Transition(EN_COURS, RIEN, AGENT, "Annuler ce vote", "Vote annulé", est_dangereux=True, sur="vote"),
    "imprimer_bulletins": Transition(A_VENIR | EN_COURS, RIEN, AGENT, "Imprimer des bulletins", "Bulletins imprimés", sur="point"),
    # Election without candidates
    "ouvrir_election": Transition(etats(E.OUVERTE), RIEN, AGENT, "Ouvrir une élection sans candidat", "Élection sans candidat ouverte", sur="point"),
    "designer": Transition(EN_COURS, RIEN, MEMBRE, "Désigner une personne", "Désignation donnée", sur="convie"),
    "designer_pour": Transition(EN_COURS, RIEN, AGENT, "Noter une désignation", "Désignation notée", sur="election"),
    "lire_designations": Transition(EN_COURS, RIEN, AGENT, "Lire les désignations", "Désignations lues", sur="election"),
    "ouvrir_tour": Transition(EN_COURS, RIEN, AGENT, "Faire un autre tour", "Autre tour de désignations", sur="election"),
    "proposer_election": Transition(EN_COURS, RIEN, AGENT, "Proposer au consentement", "Proposition soumise au consentement", sur="election"),
    "se_prononcer": Transition(EN_COURS, RIEN, MEMBRE, "Me prononcer", "Accord ou objection", sur="convie"),
    "se_prononcer_pour": Transition(EN_COURS, RIEN, AGENT, "Noter un accord ou une objection", "Accord ou objection noté", sur="election"),
    "constater_consentement": Transition(EN_COURS, RIEN, AGENT, "Constater le consentement", "Consentement constaté", sur="election"),
    "annuler_election": Transition(EN_COURS, RIEN, AGENT, "Annuler cette élection", "Élection annulée", est_dangereux=True, sur="election"),
    "decider": Transition(EN_COURS, RIEN, AGENT, "Décider", "Décision prise", sur="pointdossier"),
    # Documents
    **ACTES_DE_COURRIER,
    "rediger_pv": Transition(FINIES, RIEN, AGENT, "Rédiger le procès-verbal", "Procès-verbal commencé"),
    "fabriquer_feuille": Transition(PARTOUT, RIEN, AGENT, "Feuille de présence (PDF)", "Feuille de présence fabriquée"),
}
# Acts after which the agenda or its documents have changed.
ORDRE_DU_JOUR = frozenset({"ajouter_point", "modifier_point", "ordonner", "retirer_point", "ajouter_dossier", "retirer_dossier", "joindre_piece", "retirer_piece"})

APPARENCES: dict[str, Apparence] = {
    E.PROGRAMMEE: Apparence(Couleur.INFO, "calendrier", "les membres sont convoqués {limite}.", {Role.AGENT: "[préparez l’ordre du jour](ajouter_point), puis [convoquez les membres](convoquer) {limite}."}),
    E.CONVOQUEE: Apparence(Couleur.ACCENT, "courriel", "la séance s’ouvre le {debut}.", {Role.AGENT: "suivez les réponses ; [ouvrez la séance](ouvrir) le moment venu."}),
    E.OUVERTE: Apparence(Couleur.ATTENTION, "rond", "la séance est en cours."),
    E.SUSPENDUE: Apparence(Couleur.INFO, "pause", "la séance est suspendue, elle va reprendre."),
    E.LEVEE: Apparence(Couleur.SUCCES, "coche", "le procès-verbal est écrit, puis approuvé à la séance suivante.", {Role.AGENT: "[écrivez le procès-verbal]({pv}) et soumettez-le."}),
    E.REPORTEE: Apparence(Couleur.NEUTRE, "horloge", "une seconde convocation part avec le même ordre du jour.", {Role.AGENT: "[convoquez une seconde fois](seconde_convocation)."}),
    E.ANNULEE: Apparence(Couleur.NEUTRE, "croix", "la séance n’a pas lieu."),
}

# États of visits and trainings: members register, there is no vote and no procès-verbal.
APPARENCES_RENCONTRES: dict[str, Apparence] = {
    **APPARENCES,
    E.PROGRAMMEE: Apparence(Couleur.INFO, "calendrier", "les membres sont invités, puis s’inscrivent.", {Role.AGENT: "[invitez les membres](convoquer)."}),
    E.CONVOQUEE: Apparence(Couleur.ACCENT, "courriel", "la rencontre a lieu le {debut}.", {Role.AGENT: "suivez les inscriptions ; [notez ensuite qui est venu](noter_venues)."}),
    E.LEVEE: Apparence(Couleur.SUCCES, "coche", "les personnes venues disent ce qu’elles en ont pensé.", {Role.AGENT: "[notez qui est venu](noter_venues)."}),
    E.ANNULEE: Apparence(Couleur.NEUTRE, "croix", "la rencontre n’a pas lieu."),
}
MOTS_RENCONTRES: dict[str, str] = {E.CONVOQUEE: "annoncée", E.LEVEE: "terminée"}
# fmt: on


class EtatPoint(TextChoices):
    A_TRAITER = "a_traiter", "à traiter"
    EN_COURS = "en_cours", "en cours"
    TRAITE = "traite", "traité"
    REPORTE = "reporte", "reporté"
    RETIRE = "retire", "retiré"


POINTS_CLOS = frozenset({EtatPoint.TRAITE, EtatPoint.REPORTE, EtatPoint.RETIRE})


class EtatVote(TextChoices):
    OUVERT = "ouvert", "ouvert"
    CLOS = "clos", "clos"
    ANNULE = "annule", "annulé"


class EtatElection(TextChoices):
    """Of an election without candidates: names are given, read, then somebody is proposed to the consent of all."""

    DESIGNE = "designe", "chacun désigne"
    LUE = "lue", "désignations lues"
    PROPOSE = "propose", "recherche du consentement"
    ELUE = "elue", "élue"
    ANNULEE = "annulee", "annulée"


class Sens(TextChoices):
    POUR = "pour", "pour"
    CONTRE = "contre", "contre"
    ABSTENTION = "abstention", "abstention"
    NPPV = "nppv", "ne prend pas part"


class Mode(TextChoices):
    """How a person attends."""

    SALLE = "salle", "en salle"
    DISTANCE = "distance", "à distance"


class EtatPV(TextChoices):
    BROUILLON = "brouillon", "en rédaction"
    SOUMIS = "soumis", "soumis à l’approbation"
    APPROUVE = "approuve", "approuvé"


MEMBRE = frozenset({Role.MEMBRE})
A_L_ECRITURE = etats(EtatPV.BROUILLON, EtatPV.SOUMIS)
APPROUVE = etats(EtatPV.APPROUVE)

# fmt: off
TRANSITIONS_PV: Table = {
    "ecrire_pv": Transition(A_L_ECRITURE, RIEN, AGENT, "Écrire le procès-verbal", "Texte du procès-verbal modifié"),
    "soumettre_pv": Transition(A_L_ECRITURE, etats(EtatPV.SOUMIS), AGENT, "Soumettre le procès-verbal", "Procès-verbal soumis à l’approbation"),
    "approuver_pv": Transition(etats(EtatPV.SOUMIS), APPROUVE, AGENT, "Noter l’approbation", "Procès-verbal approuvé"),
    "corriger_pv": Transition(APPROUVE, RIEN, AGENT, "Corriger le procès-verbal approuvé", "Procès-verbal corrigé"),
    "publier_pv": Transition(APPROUVE, RIEN, AGENT, "Publier le procès-verbal", "Procès-verbal publié"),
    "depublier_pv": Transition(APPROUVE, RIEN, AGENT, "Retirer le procès-verbal du site", "Procès-verbal retiré de la publication", est_dangereux=True),
    "remarquer_pv": Transition(etats(EtatPV.SOUMIS), RIEN, MEMBRE, "Faire une remarque", "Remarque d’un membre sur le procès-verbal"),
    "traiter_remarque": Transition(PARTOUT, RIEN, AGENT, "Marquer comme traitée", "Remarque traitée", sur="remarquepv"),
}

APPARENCES_PV: dict[str, Apparence] = {
    EtatPV.BROUILLON: Apparence(Couleur.ATTENTION, "document", "le procès-verbal est soumis aux membres, qui le lisent avant de l’approuver.", {Role.AGENT: "complétez le texte, point par point, puis [soumettez-le](soumettre_pv)."}),
    EtatPV.SOUMIS: Apparence(Couleur.INFO, "horloge", "les membres font leurs remarques ; ils l’approuvent à leur prochaine séance.", {Role.AGENT: "inscrivez son approbation à l’ordre du jour, puis [notez-la ici](approuver_pv)."}),
    EtatPV.APPROUVE: Apparence(Couleur.SUCCES, "coche", "le procès-verbal est approuvé et figé. Il ne change plus que par une correction motivée."),
}
# Sentences for a meeting where nobody had a seat: no letter is sent and nobody votes on the procès-verbal.
ENTRE_INVITES = "personne n’a de siège à cette réunion"
ENSUITE_ENTRE_INVITES: dict[str, tuple[str, str]] = {
    EtatPV.BROUILLON: (f"le texte est gardé tel quel, puis son approbation notée : {ENTRE_INVITES}, aucune lettre ne part.", "complétez le texte, point par point, puis [soumettez-le](soumettre_pv)."),
    EtatPV.SOUMIS: (f"le texte est gardé tel quel : {ENTRE_INVITES}, aucun vote ne l’attend.", "demandez leurs remarques aux personnes invitées, puis notez l’approbation."),
}
# Why an act is refused in this état, for acts where the common sentence would be less precise.
PAS_MAINTENANT_PV: dict[str, str] = {
    "ecrire_pv": "Le procès-verbal est approuvé : il ne change plus que par une correction motivée.",
    "soumettre_pv": "Le procès-verbal est déjà approuvé.",
    "approuver_pv": "Soumettez le procès-verbal aux membres avant de noter son approbation.",
    "corriger_pv": "Ce procès-verbal n’est pas encore approuvé : modifiez son texte.",
    "publier_pv": "Seul un procès-verbal approuvé est publié.",
    "depublier_pv": "Seul un procès-verbal approuvé est publié.",
    "remarquer_pv": "Les remarques se font avant l’approbation, une fois le procès-verbal soumis.",
}
# fmt: on


class BaseMajorite(TextChoices):
    """The number of votes that a majority is a share of."""

    EXPRIMES = "exprimes", "voix exprimées"
    PRESENTS = "presents", "membres présents ou représentés"


class Part(TextChoices):
    """A share asked for by a quorum, a majority or a demand of members."""

    AUCUNE = "aucune", "aucune condition"
    TIERS = "tiers", "un tiers"
    MOITIE = "moitie", "la moitié"
    MAJORITE = "majorite", "plus de la moitié"
    DEUX_TIERS = "deux_tiers", "deux tiers"
    UNANIMITE = "unanimite", "tous"
