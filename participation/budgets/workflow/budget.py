"""Inter-quartier budget: états and tables of acts of its phases, idées, projets de quartier and forums."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.inscriptions.workflow import transitions
from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats, traductions


class EtatBudget(TextChoices):
    PREPARATION = "preparation", "en préparation"
    OUVERT = "ouvert", "publié"
    CLOS = "clos", "clos"


class NaturePhase(TextChoices):
    """Phases of a budget, always in this order. Their dates are data; they decide what may be done."""

    IDEES = "idees", _("dépôt des idées")
    DISCUSSION = "discussion", _("discussion et regroupement")
    FAISABILITE = "faisabilite", _("étude par les directions")
    VOTE = "vote", _("vote")
    REALISATION = "realisation", _("réalisation")


class Capacite(TextChoices):
    """What may be done on a day. The labels are shown on the page."""

    DEPOSER = "deposer", "déposer une idée en ligne"
    SAISIR = "saisir", "donner une idée sur papier, par téléphone ou en atelier"
    REUNIR = "reunir", "réunir des idées qui se ressemblent dans un projet"
    ETUDIER = "etudier", "demander aux directions si un projet est faisable"
    VOTER = "voter", "voter"
    REALISER = "realiser", "suivre la réalisation des projets lauréats"


CAPACITES: Mapping[NaturePhase, frozenset[str]] = {
    NaturePhase.IDEES: frozenset({Capacite.DEPOSER, Capacite.SAISIR}),
    NaturePhase.DISCUSSION: frozenset({Capacite.SAISIR, Capacite.REUNIR}),
    # The answer of a direction often leads to merging two projets, or to splitting one.
    NaturePhase.FAISABILITE: frozenset({Capacite.REUNIR, Capacite.ETUDIER}),
    NaturePhase.VOTE: frozenset({Capacite.VOTER}),
    NaturePhase.REALISATION: frozenset({Capacite.REALISER}),
}


class EtatIdee(TextChoices):
    A_LIRE = "a_lire", "à lire"
    PUBLIEE = "publiee", "publiée"
    REUNIE = "reunie", "réunie dans un projet"
    ECARTEE = "ecartee", "écartée"
    RETIREE = "retiree", "retirée par son auteur"


class CanalIdee(TextChoices):
    WEB = "web", "en ligne"
    PAPIER = "papier", "papier"
    TELEPHONE = "telephone", "téléphone"
    ATELIER = "atelier", "atelier ou forum"


class EtatProjetQuartier(TextChoices):
    ETUDE = "etude", "en préparation"
    FAISABILITE = "faisabilite", "à l’étude des directions"
    FAISABLE = "faisable", "réalisable"
    INFAISABLE = "infaisable", "non réalisable"
    AU_VOTE = "au_vote", "soumis au vote"
    LAUREAT = "laureat", "lauréat"
    NON_RETENU = "non_retenu", "non retenu par le vote"
    EN_COURS = "en_cours", "en cours de réalisation"
    REALISE = "realise", "réalisé"
    ABANDONNE = "abandonne", "abandonné"


class Verdict(TextChoices):
    FAISABLE = "faisable", "réalisable"
    MODIFIE = "modifie", "réalisable avec des changements"
    INFAISABLE = "infaisable", "non réalisable"


class EtatForum(TextChoices):
    PREPARATION = "preparation", "en préparation"
    OUVERT = "ouvert", "inscriptions ouvertes"
    FERME = "ferme", "inscriptions closes"
    TENU = "tenu", "tenu"
    ANNULE = "annule", "annulé"


B, I, P, F = EtatBudget, EtatIdee, EtatProjetQuartier, EtatForum  # noqa: E741 the letters of the tables below
AGENT = frozenset({Role.AGENT})
# No account: a signed link, a periodic task, or the count of the vote.
SYSTEME = frozenset({Role.SYSTEME})
ACCUEIL = frozenset({Role.AGENT, Role.ACCUEIL})
RIEN: frozenset[str] = frozenset()

BUDGETS_PUBLICS = etats(B.OUVERT, B.CLOS)
IDEES_PUBLIQUES = etats(I.PUBLIEE, I.REUNIE)
IDEES_VIVANTES = etats(I.A_LIRE, I.PUBLIEE, I.REUNIE)
EN_PREPARATION = etats(P.ETUDE, P.FAISABILITE, P.FAISABLE, P.INFAISABLE)
# On the ballots, or already decided by the vote.
SOUMIS_AU_VOTE = etats(P.AU_VOTE, P.LAUREAT, P.NON_RETENU, P.EN_COURS, P.REALISE)
LAUREATS = etats(P.LAUREAT, P.EN_COURS, P.REALISE)
# Projets for which something is still expected.
EN_VIE = (EN_PREPARATION | etats(P.AU_VOTE, P.LAUREAT, P.EN_COURS)) - etats(P.INFAISABLE)
FORUMS_PUBLICS = etats(F.OUVERT, F.FERME, F.TENU, F.ANNULE)
FORUMS_A_VENIR = etats(F.PREPARATION, F.OUVERT, F.FERME)
NOTENT_UNE_IDEE = frozenset({"deposer_idee", "saisir_idee"})

# fmt: off
TRANSITIONS_DU_BUDGET: Table = {
    "preparer_budget": Transition(etats(B.PREPARATION), RIEN, AGENT, "Préparer un budget", "Budget préparé"),
    "modifier_budget": Transition(etats(B.PREPARATION, B.OUVERT), RIEN, AGENT, "Modifier les textes et la somme", "Textes ou somme modifiés"),
    "fixer_phases": Transition(etats(B.PREPARATION), RIEN, AGENT, "Fixer les dates", "Dates des phases fixées"),
    "publier_budget": Transition(etats(B.PREPARATION), etats(B.OUVERT), AGENT, "Publier le budget", "Budget publié", est_public=True, condition="participation.budgets.models.budgets.Budget.avant_de_publier"),
    "deplacer_phase": Transition(etats(B.OUVERT), RIEN, AGENT, "Changer ces dates", "Dates d’une phase changées", sur="phase", est_public=True),
    "creer_projet_quartier": Transition(etats(B.OUVERT), RIEN, AGENT, "Réunir des idées dans un projet", "Idées réunies dans un projet", si_possible=True, condition="participation.budgets.models.budgets.avant_de_reunir"),
    "clore_budget": Transition(etats(B.OUVERT), etats(B.CLOS), AGENT, "Clore le budget", "Budget clos", est_public=True, est_dangereux=True, condition="participation.budgets.models.budgets.Budget.avant_de_clore"),
    "effacer_auteurs": Transition(etats(B.CLOS), RIEN, AGENT, "Effacer qui a donné les idées", "Coordonnées des auteurs effacées", "RGPD", est_dangereux=True, condition="participation.budgets.conservation.visa_des_auteurs"),
}

TRANSITIONS_DE_L_IDEE: Table = {
    "deposer_idee": Transition(etats(I.A_LIRE), RIEN, SYSTEME, "Déposer une idée", "Idée déposée en ligne", "dépôt", condition="participation.budgets.models.idees.Idee.avant_de_deposer"),
    "saisir_idee": Transition(etats(I.A_LIRE), RIEN, ACCUEIL | SYSTEME, "Noter une idée", "Idée notée", "dépôt", condition="participation.budgets.models.idees.Idee.avant_de_saisir"),
    "confirmer_auteur": Transition(frozenset(I.values), RIEN, SYSTEME, "Confirmer mon adresse", "Adresse de l’auteur confirmée", "dépôt", sur="auteuridee", par_lien=True),
    "publier_idee": Transition(etats(I.A_LIRE), etats(I.PUBLIEE), AGENT, "Publier l’idée", "Idée publiée", "lecture", est_public=True),
    "corriger_idee": Transition(etats(I.PUBLIEE, I.REUNIE), RIEN, AGENT, "Corriger le texte public", "Texte public corrigé", "lecture"),
    "reunir_idee": Transition(etats(I.PUBLIEE), etats(I.REUNIE), AGENT, "Réunir dans un projet", "Idée réunie dans un projet", "regroupement", est_public=True, si_possible=True, condition="participation.budgets.models.budgets.avant_de_reunir"),
    "separer_idee": Transition(etats(I.REUNIE), etats(I.PUBLIEE), AGENT, "Séparer du projet", "Idée séparée du projet", "regroupement", est_public=True, si_possible=True, condition="participation.budgets.models.budgets.avant_de_reunir"),
    "liberer_idee": Transition(etats(I.REUNIE), etats(I.PUBLIEE), SYSTEME, "Rendre libre", "Projet abandonné : l’idée est libre", "regroupement"),
    "ecarter_idee": Transition(etats(I.A_LIRE, I.PUBLIEE), etats(I.ECARTEE), AGENT, "Écarter l’idée", "Idée écartée", "lecture", est_dangereux=True, defait_par="participation.budgets.idees.actes.reprendre_idee"),
    "reprendre_idee": Transition(etats(I.ECARTEE), etats(I.A_LIRE), AGENT, "Reprendre", "Idée reprise", "lecture"),
    "retirer_idee": Transition(etats(I.A_LIRE, I.PUBLIEE), etats(I.RETIREE), AGENT | SYSTEME, "Retirer à la demande de qui l’a donnée", "Idée retirée à la demande de qui l’a donnée", "lecture", est_dangereux=True, par_lien=True),
}

TRANSITIONS_DU_PROJET: Table = {
    "rediger_projet_quartier": Transition(EN_PREPARATION, RIEN, AGENT, "Écrire le projet", "Projet écrit", "regroupement"),
    "ajouter_idees": Transition(EN_PREPARATION, RIEN, AGENT, "Ajouter des idées", "Idées ajoutées au projet", "regroupement", si_possible=True, condition="participation.budgets.models.budgets.avant_de_reunir"),
    "separer_idees": Transition(EN_PREPARATION, RIEN, AGENT, "Séparer des idées", "Idées séparées du projet", "regroupement", si_possible=True, condition="participation.budgets.models.budgets.avant_de_reunir"),
    "demander_faisabilite": Transition(etats(P.ETUDE, P.FAISABILITE), etats(P.FAISABILITE), AGENT, "Demander l’étude d’une direction", "Étude demandée à une direction", "étude", est_public=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_d_etudier"),
    "declarer_faisable": Transition(etats(P.ETUDE, P.FAISABILITE, P.INFAISABLE, P.FAISABLE), etats(P.FAISABLE), AGENT, "Déclarer réalisable", "Projet réalisable", "étude", est_public=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_de_declarer"),
    "declarer_infaisable": Transition(etats(P.ETUDE, P.FAISABILITE, P.FAISABLE), etats(P.INFAISABLE), AGENT, "Déclarer non réalisable", "Projet non réalisable", "étude", est_public=True, est_dangereux=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_de_declarer"),
    "mettre_au_vote": Transition(etats(P.FAISABLE), etats(P.AU_VOTE), AGENT, "Soumettre au vote", "Projet soumis au vote", "vote", est_public=True, si_possible=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_le_vote"),
    "retirer_du_vote": Transition(etats(P.AU_VOTE), etats(P.FAISABLE), AGENT, "Retirer du vote", "Projet retiré du vote", "vote", est_public=True, est_dangereux=True, si_possible=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_le_vote"),
    "proclamer_laureat": Transition(etats(P.AU_VOTE), etats(P.LAUREAT), SYSTEME, "Déclarer lauréat", "Projet lauréat", "vote", est_public=True),
    "proclamer_non_retenu": Transition(etats(P.AU_VOTE), etats(P.NON_RETENU), SYSTEME, "Déclarer non retenu", "Projet non retenu par le vote", "vote", est_public=True),
    "lancer_realisation": Transition(etats(P.LAUREAT), etats(P.EN_COURS), AGENT, "Lancer la réalisation", "Réalisation lancée", "réalisation", est_public=True),
    "ajouter_jalon": Transition(etats(P.LAUREAT, P.EN_COURS), RIEN, AGENT, "Ajouter une étape", "Étape prévue", "réalisation"),
    "franchir_jalon": Transition(etats(P.EN_COURS), RIEN, AGENT, "Dire que l’étape est faite", "Étape faite", "réalisation", est_public=True, sur="jalonprojet"),
    "deplacer_jalon": Transition(etats(P.LAUREAT, P.EN_COURS), RIEN, AGENT, "Changer la date", "Étape déplacée", "réalisation", est_public=True, sur="jalonprojet"),
    "corriger_jalon": Transition(etats(P.EN_COURS, P.REALISE), RIEN, AGENT, "Corriger l’étape", "Étape corrigée", "réalisation", est_public=True, sur="jalonprojet"),
    "retirer_jalon": Transition(etats(P.LAUREAT, P.EN_COURS), RIEN, AGENT, "Retirer l’étape", "Étape retirée", "réalisation", est_dangereux=True, sur="jalonprojet"),
    "achever_projet": Transition(etats(P.EN_COURS), etats(P.REALISE), AGENT, "Dire que le projet est réalisé", "Projet réalisé", "réalisation", est_public=True, condition="participation.budgets.models.projets.ProjetQuartier.avant_d_achever"),
    "ajouter_suite": Transition(LAUREATS, RIEN, AGENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "abandonner_projet_quartier": Transition(EN_PREPARATION | etats(P.LAUREAT, P.EN_COURS), etats(P.ABANDONNE), AGENT, "Abandonner le projet", "Projet abandonné", est_public=True, est_dangereux=True),
}

TRANSITIONS_DU_FORUM: Table = {
    "preparer_forum": Transition(etats(F.PREPARATION), RIEN, AGENT, "Préparer un forum", "Forum préparé"),
    "modifier_forum": Transition(etats(F.PREPARATION, F.OUVERT, F.FERME), RIEN, AGENT, "Modifier le forum", "Forum modifié"),
    "ouvrir_inscriptions": Transition(etats(F.PREPARATION, F.FERME), etats(F.OUVERT), AGENT, "Ouvrir les inscriptions", "Inscriptions ouvertes", est_public=True, condition="participation.budgets.models.forums.Forum.avant_de_commencer"),
    "fermer_inscriptions": Transition(etats(F.OUVERT), etats(F.FERME), AGENT, "Clore les inscriptions", "Inscriptions closes", est_public=True),
    "ajouter_table": Transition(FORUMS_A_VENIR, RIEN, AGENT, "Ajouter une table", "Table ajoutée"),
    "dresser_tables": Transition(FORUMS_A_VENIR, RIEN, AGENT, "Dresser les tables", "Tables dressées", condition="participation.budgets.models.forums.avant_de_dresser"),
    "modifier_table": Transition(FORUMS_A_VENIR, RIEN, AGENT, "Modifier la table", "Table modifiée", sur="tableforum"),
    **transitions("inscriptionforum", a_venir=etats(F.OUVERT, F.FERME), accueillent=etats(F.OUVERT, F.FERME, F.TENU), finis=etats(F.TENU, F.ANNULE)),
    "noter_a_la_table": Transition(etats(F.OUVERT, F.FERME, F.TENU), RIEN, ACCUEIL | SYSTEME, "Noter ce qui s’est dit", "Note prise à une table", sur="tableforum"),
    "corriger_note": Transition(etats(F.OUVERT, F.FERME, F.TENU), RIEN, AGENT, "Corriger la remarque", "Remarque d’une table corrigée", sur="notedetable"),
    "retirer_note": Transition(etats(F.OUVERT, F.FERME, F.TENU), RIEN, AGENT, "Retirer la remarque", "Remarque d’une table retirée", sur="notedetable", est_dangereux=True),
    **traductions("traductionforum", "participation.budgets.models.forums.pas_en_ligne"),
    "tenir_forum": Transition(etats(F.OUVERT, F.FERME), etats(F.TENU), AGENT, "Dire que le forum a eu lieu", "Forum tenu", est_public=True, condition="participation.budgets.models.forums.Forum.avant_de_tenir"),
    "annuler_forum": Transition(FORUMS_A_VENIR, etats(F.ANNULE), AGENT, "Annuler le forum", "Forum annulé", est_public=True, est_dangereux=True),
}

APPARENCES_DU_BUDGET: dict[str, Apparence] = {
    B.PREPARATION: Apparence(Couleur.INFO, "document", "le budget est publié, puis les idées arrivent.", {Role.AGENT: "[fixez les dates des phases](fixer_phases), puis [publiez le budget](publier_budget)."}),
    B.OUVERT: Apparence(Couleur.ACCENT, "rond", "{phase}"),
    B.CLOS: Apparence(Couleur.NEUTRE, "coche", "plus rien n’est attendu."),
}
APPARENCES_DE_L_IDEE: dict[str, Apparence] = {
    I.A_LIRE: Apparence(Couleur.ATTENTION, "horloge", "le service lit l’idée, puis la publie.", {Role.AGENT: "lisez-la, retirez les noms de personnes, puis [publiez-la](publier_idee)."}),
    I.PUBLIEE: Apparence(Couleur.ACCENT, "rond", "elle est lue par tous ; elle peut être réunie avec d’autres dans un projet.", {Role.AGENT: "[réunissez-la](reunir_idee) avec celles qui lui ressemblent."}),
    I.REUNIE: Apparence(Couleur.SUCCES, "suites", "elle fait partie du projet {projet}."),
    I.ECARTEE: Apparence(Couleur.NEUTRE, "croix", "elle n’est pas publiée ; la raison est dite à son auteur."),
    I.RETIREE: Apparence(Couleur.NEUTRE, "croix", "son auteur l’a retirée."),
}
APPARENCES_DU_PROJET: dict[str, Apparence] = {
    P.ETUDE: Apparence(Couleur.INFO, "document", "le projet est écrit à partir des idées, puis étudié par les directions.", {Role.AGENT: "[écrivez-le](rediger_projet_quartier), puis [demandez l’étude d’une direction](demander_faisabilite)."}),
    P.FAISABILITE: Apparence(Couleur.INFO, "personnes", "les directions disent s’il est faisable, et ce qu’il coûte{avant}.", {Role.AGENT: "suivez les réponses, puis dites-le [réalisable](declarer_faisable) ou [non](declarer_infaisable)."}),
    P.FAISABLE: Apparence(Couleur.ACCENT, "coche", "il pourra être soumis au vote.", {Role.AGENT: "[soumettez-le au vote](mettre_au_vote)."}),
    P.INFAISABLE: Apparence(Couleur.NEUTRE, "croix", "il ne peut pas être réalisé ; la raison est publique."),
    P.AU_VOTE: Apparence(Couleur.ACCENT, "main", "les habitantes et habitants votent{vote}."),
    P.LAUREAT: Apparence(Couleur.SUCCES, "coche", "il sera réalisé.", {Role.AGENT: "[prévoyez ses étapes](ajouter_jalon), puis [lancez la réalisation](lancer_realisation)."}),
    P.NON_RETENU: Apparence(Couleur.NEUTRE, "croix", "le vote a retenu d’autres projets."),
    P.EN_COURS: Apparence(Couleur.ACCENT, "rond", "prochaine étape : {etape}.", {Role.AGENT: "dites chaque étape faite, avec ce qu’elle a coûté."}),
    P.REALISE: Apparence(Couleur.SUCCES, "coche", "il est réalisé."),
    P.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "il est abandonné ; la raison est publique."),
}
APPARENCES_DU_FORUM: dict[str, Apparence] = {
    F.PREPARATION: Apparence(Couleur.INFO, "document", "les inscriptions s’ouvrent.", {Role.AGENT: "[vérifiez le lieu et l’heure](modifier_forum), puis [ouvrez les inscriptions](ouvrir_inscriptions)."}),
    F.OUVERT: Apparence(Couleur.ACCENT, "rond", "le forum a lieu le {quand}."),
    F.FERME: Apparence(Couleur.INFO, "horloge", "le forum a lieu le {quand}."),
    F.TENU: Apparence(Couleur.SUCCES, "coche", "ce qui s’est dit à chaque table est publié."),
    F.ANNULE: Apparence(Couleur.NEUTRE, "croix", "le forum n’a pas lieu."),
}
# fmt: on

# Act expected in an état when it is not the first that leads to another état; empty: no act is expected.
ACTES_DUS_DE_L_IDEE: dict[str, str] = {I.PUBLIEE: "reunir_idee", I.REUNIE: "", I.ECARTEE: ""}
ACTES_DUS_DU_PROJET: dict[str, str] = {
    P.ETUDE: "demander_faisabilite",
    P.FAISABILITE: "declarer_faisable",
    P.FAISABLE: "mettre_au_vote",
    P.INFAISABLE: "",
    P.AU_VOTE: "",
    P.EN_COURS: "",
}
