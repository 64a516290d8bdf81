"""États and acts of what is promised for participation, of what instances propose, and of the answer to it."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class EtatEngagement(TextChoices):
    BROUILLON = "brouillon", "à écrire"
    PUBLIE = "publie", "en cours"
    TENU = "tenu", "tenu"
    ABANDONNE = "abandonne", "abandonné"


class EtatProposition(TextChoices):
    A_DECIDER = "a_decider", "à décider"
    RETENUE = "retenue", "retenue"
    RETENUE_EN_PARTIE = "retenue_en_partie", "retenue en partie"
    NON_RETENUE = "non_retenue", "non retenue"


class EtatReponse(TextChoices):
    A_ECRIRE = "a_ecrire", "à écrire"
    A_LIRE = "a_lire", "à lire par l’élu"
    LUE = "lue", "lue par l’élu"
    PUBLIEE = "publiee", "publiée"
    RENDUE = "rendue", "rendue"


class EtatTempsFort(TextChoices):
    A_PREPARER = "a_preparer", "à préparer"
    TENU = "tenu", "tenu"
    CLOS = "clos", "clos"
    ANNULE = "annule", "annulé"


class EtatEtude(TextChoices):
    DEPOSEE = "deposee", "déposé"
    PUBLIEE = "publiee", "publié"
    PRESENTEE = "presentee", "entendu par le conseil"


class Mesure(TextChoices):
    """What an indicator counts. Its sentence is `promesses.regles.PHRASES`."""

    PART_REPONDUE = "part_repondue", "part des suites qui ont reçu une réponse (%)"
    PART_A_TEMPS = "part_a_temps", "part des suites dont la réponse est venue à temps (%)"
    DELAI_MEDIAN = "mediane", "délai de réponse, une fois sur deux (jours)"
    PART_TOTALE = "part_totale", "part des suites totalement mises en œuvre (%)"
    PART_D_ACCORD = "part_d_accord", "part des verdicts qui disent comme la direction (%)"
    COMMUNES = "communes", "part des communes d’où une voix est venue (%)"
    PUBLICS = "publics", "publics moins présents que dans la population (nombre de groupes)"
    SAISIE = "saisie", "valeur écrite par un agent, avec sa source"


E, P, R, T, U = EtatEngagement, EtatProposition, EtatReponse, EtatTempsFort, EtatEtude
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
OUVERTS = etats(E.BROUILLON, E.PUBLIE)
TOUTES: frozenset[str] = frozenset(P)
REPONDUES = TOUTES - {P.A_DECIDER}
RETENUES = etats(P.RETENUE, P.RETENUE_EN_PARTIE)
AVANT_DEPART = etats(R.A_ECRIRE, R.A_LIRE, R.LUE)
ELU = frozenset({Role.ELU})
TIENNENT = etats(T.A_PREPARER, T.TENU, T.CLOS)

# fmt: off
ENGAGEMENTS: Table = {
    "ecrire_engagement": Transition(etats(E.BROUILLON), RIEN, AGENT, "Écrire un engagement", "Engagement écrit"),
    "publier_engagement": Transition(etats(E.BROUILLON), etats(E.PUBLIE), AGENT, "Publier l’engagement", "Engagement publié", est_public=True, condition="participation.engagements.models.promesses.ce_qui_manque"),
    "modifier_engagement": Transition(OUVERTS, RIEN, AGENT, "Corriger l’engagement", "Engagement corrigé", est_public=True),
    "ajouter_indicateur": Transition(OUVERTS, RIEN, AGENT, "Ajouter un indicateur", "Indicateur ajouté", est_public=True),
    "retirer_indicateur": Transition(OUVERTS, RIEN, AGENT, "Retirer l’indicateur", "Indicateur retiré", est_public=True, est_dangereux=True, sur="indicateur", condition="participation.engagements.models.promesses.Indicateur.pas_le_seul"),
    "mesurer": Transition(OUVERTS, RIEN, AGENT, "Écrire une valeur", "Valeur écrite", est_public=True, sur="indicateur"),
    "ajouter_suite": Transition(etats(E.PUBLIE), RIEN, AGENT, "Ajouter une suite", "Suite attendue", est_public=True),
    "dire_tenu": Transition(etats(E.PUBLIE), etats(E.TENU), AGENT, "Dire que l’engagement est tenu", "Engagement tenu", est_public=True),
    "abandonner_engagement": Transition(etats(E.PUBLIE), etats(E.ABANDONNE), AGENT, "Abandonner l’engagement", "Engagement abandonné", est_public=True, est_dangereux=True),
}
PROPOSITIONS: Table = {
    "saisir_proposition": Transition(etats(P.A_DECIDER), RIEN, AGENT, "Noter une proposition", "Proposition notée"),
    "publier_proposition": Transition(TOUTES, RIEN, AGENT, "Publier la proposition", "Proposition publiée", est_public=True, si_possible=True, condition="participation.engagements.models.propositions.avant_de_publier"),
    "repondre_proposition": Transition(TOUTES, REPONDUES, AGENT, "Répondre à la proposition", "Réponse donnée", est_public=True),
    "imprimer_fiche": Transition(TOUTES, RIEN, AGENT, "Faire sa fiche en grands caractères", "Fiche faite"),
    "constater_decision": Transition(etats(P.A_DECIDER), REPONDUES, frozenset({Role.SYSTEME}), "Constater la réponse de la direction", "Réponse donnée par la direction", est_public=True),
    "modifier_proposition": Transition(TOUTES, RIEN, AGENT, "Corriger la proposition", "Proposition corrigée", est_public=True),
    "ajouter_suite": Transition(TOUTES, RIEN, AGENT, "Ajouter une suite", "Suite attendue", est_public=True),
}
REPONSES: Table = {
    "preparer_reponse": Transition(etats(R.A_ECRIRE), RIEN, AGENT, "Préparer une réponse argumentée", "Réponse argumentée préparée"),
    "soumettre_reponse": Transition(etats(R.A_ECRIRE), etats(R.A_LIRE), AGENT, "Donner à lire à l’élu", "Réponse donnée à lire à l’élu", condition="participation.engagements.models.reponses.toutes_repondues"),
    "viser_reponse": Transition(etats(R.A_LIRE), etats(R.LUE), ELU, "Dire que je l’ai lue", "Réponse lue par l’élu"),
    "renvoyer_reponse": Transition(etats(R.A_LIRE), etats(R.A_ECRIRE), ELU, "Demander une correction", "Correction demandée par l’élu"),
    "publier_reponse": Transition(etats(R.LUE), etats(R.PUBLIEE), AGENT, "Publier la réponse", "Réponse argumentée publiée", est_public=True, condition="participation.engagements.models.reponses.restitution_fixee"),
    "preparer_restitution": Transition(AVANT_DEPART | {R.PUBLIEE}, RIEN, AGENT, "Fixer la restitution", "Restitution fixée", est_public=True),
    "rendre_reponse": Transition(etats(R.PUBLIEE), etats(R.RENDUE), AGENT, "Raconter la restitution", "Réponse rendue à qui a proposé", est_public=True),
    "reprendre_reponse": Transition(etats(R.A_LIRE, R.LUE), etats(R.A_ECRIRE), AGENT, "Reprendre l’écriture", "Écriture reprise"),
    "ajouter_lignes": Transition(etats(R.A_ECRIRE), RIEN, AGENT, "Ajouter les propositions sans réponse", "Propositions ajoutées"),
    "repondre_ligne": Transition(etats(R.A_ECRIRE), RIEN, AGENT, "Répondre", "Réponse écrite", sur="lignedereponse"),
    "retirer_ligne": Transition(etats(R.A_ECRIRE), RIEN, AGENT, "Retirer de cette réponse", "Proposition retirée de la réponse", sur="lignedereponse"),
}
TEMPS_FORTS: Table = {
    "preparer_temps_fort": Transition(etats(T.A_PREPARER), RIEN, AGENT, "Préparer un temps fort", "Temps fort préparé"),
    "inviter_temps_fort": Transition(etats(T.A_PREPARER), RIEN, AGENT, "Inviter", "Invitations parties", est_public=True, si_possible=True, condition="participation.engagements.models.temps_forts.avant_d_inviter"),
    "tenir_temps_fort": Transition(etats(T.A_PREPARER), etats(T.TENU), AGENT, "Dire qu’il a eu lieu", "Temps fort tenu", est_public=True, si_possible=True, condition="participation.engagements.models.temps_forts.avant_de_tenir"),
    "clore_temps_fort": Transition(etats(T.TENU), etats(T.CLOS), AGENT, "Clore le temps fort", "Temps fort clos", est_public=True, condition="participation.engagements.models.temps_forts.sans_reponse"),
    "deplacer_temps_fort": Transition(etats(T.A_PREPARER), RIEN, AGENT, "Changer le jour ou le lieu", "Jour, heure ou lieu changé", est_public=True, si_possible=True, condition="participation.engagements.models.temps_forts.avant_de_deplacer"),
    "annuler_temps_fort": Transition(etats(T.A_PREPARER), etats(T.ANNULE), AGENT, "Annuler le temps fort", "Temps fort annulé", est_public=True, est_dangereux=True),
    "faire_fiches": Transition(TIENNENT, RIEN, AGENT, "Faire les fiches", "Fiches faites"),
    "faire_diaporama": Transition(TIENNENT, RIEN, AGENT, "Faire le diaporama", "Diaporama fait"),
    "imprimer_invitation": Transition(etats(T.A_PREPARER), RIEN, AGENT, "Imprimer l’invitation", "Invitation imprimée"),
    "ajouter_tache": Transition(etats(T.A_PREPARER, T.TENU), RIEN, AGENT, "Ajouter une tâche", "Tâche ajoutée"),
    "faire_tache": Transition(TIENNENT, RIEN, AGENT, "C’est fait", "Tâche faite", sur="tache"),
    "retirer_tache": Transition(etats(T.A_PREPARER, T.TENU), RIEN, AGENT, "Retirer", "Tâche retirée", sur="tache"),
    "noter_remarque": Transition(etats(T.A_PREPARER, T.TENU), RIEN, AGENT, "Noter une remarque", "Remarque notée", si_possible=True, condition="participation.engagements.models.temps_forts.avant_de_tenir"),
    "corriger_remarque": Transition(etats(T.A_PREPARER, T.TENU), RIEN, AGENT, "Corriger", "Remarque corrigée", sur="remarque"),
    "repondre_remarque": Transition(etats(T.A_PREPARER, T.TENU), RIEN, AGENT, "Répondre", "Remarque répondue", sur="remarque", est_public=True),
}
ETUDES: Table = {
    "deposer_etude": Transition(etats(U.DEPOSEE), RIEN, AGENT, "Déposer un document", "Document déposé"),
    "modifier_etude": Transition(etats(U.DEPOSEE, U.PUBLIEE), RIEN, AGENT, "Corriger le document", "Document corrigé", est_public=True),
    "publier_etude": Transition(etats(U.DEPOSEE), etats(U.PUBLIEE), AGENT, "Publier le document", "Document publié", est_public=True),
    "ajouter_suite": Transition(etats(U.PUBLIEE, U.PRESENTEE), RIEN, AGENT, "Ajouter une suite", "Suite attendue", est_public=True),
    "presenter_etude": Transition(etats(U.PUBLIEE), etats(U.PRESENTEE), AGENT, "Dire que le conseil l’a entendu", "Entendu par le conseil", est_public=True),
}
# fmt: on

APPARENCES_PROPOSITIONS: dict[str, Apparence] = {
    P.A_DECIDER: Apparence(
        Couleur.ATTENTION,
        "horloge",
        "une réponse est due à {collectif} : oui, en partie ou non, et pourquoi.",
        {
            Role.AGENT: "[publiez-la](publier_proposition), puis [répondez](repondre_proposition), seule ou dans une réponse argumentée."
        },
    ),
    P.RETENUE: Apparence(Couleur.SUCCES, "coche", "ses suites disent ce qui est fait."),
    P.RETENUE_EN_PARTIE: Apparence(Couleur.INFO, "info", "ses suites disent ce qui est fait."),
    P.NON_RETENUE: Apparence(Couleur.NEUTRE, "croix", "la raison est publique."),
}
APPARENCES_REPONSES: dict[str, Apparence] = {
    R.A_ECRIRE: Apparence(
        Couleur.ATTENTION,
        "document",
        "chaque proposition reçoit oui, en partie ou non, et pourquoi.",
        {Role.AGENT: "répondez à chaque proposition, puis [donnez-la à lire à l’élu](soumettre_reponse)."},
    ),
    R.A_LIRE: Apparence(
        Couleur.ATTENTION,
        "horloge",
        "l’élu en charge la lit avant son départ.",
        {
            Role.ELU: "lisez-la, puis [dites que vous l’avez lue](viser_reponse), ou [demandez une correction](renvoyer_reponse)."
        },
    ),
    R.LUE: Apparence(
        Couleur.ACCENT,
        "coche",
        "l’élu l’a lue. Restitution : {jour}.",
        {Role.AGENT: "[fixez la restitution](preparer_restitution), puis [publiez](publier_reponse)."},
    ),
    R.PUBLIEE: Apparence(
        Couleur.ACCENT,
        "salle",
        "elle se rend à qui a proposé. Restitution : {jour}.",
        {Role.AGENT: "le jour venu, [racontez la restitution](rendre_reponse)."},
    ),
    R.RENDUE: Apparence(Couleur.SUCCES, "coche", "ses suites disent ce qui est fait."),
}
APPARENCES_ENGAGEMENTS: dict[str, Apparence] = {
    E.BROUILLON: Apparence(
        Couleur.ATTENTION,
        "document",
        "il se publie quand il est vérifiable, précis, sourcé et daté.",
        {Role.AGENT: "[ajoutez ses indicateurs](ajouter_indicateur), puis [publiez-le](publier_engagement)."},
    ),
    E.PUBLIE: Apparence(
        Couleur.ACCENT,
        "horloge",
        "à tenir {limite} ; ses indicateurs disent où il en est.",
        {Role.AGENT: "le jour venu, [dites s’il est tenu](dire_tenu)."},
    ),
    E.TENU: Apparence(Couleur.SUCCES, "coche", "ce qui a été fait est public."),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "la raison est publique."),
}
APPARENCES_TEMPS_FORTS: dict[str, Apparence] = {
    T.A_PREPARER: Apparence(
        Couleur.INFO,
        "salle",
        "il a lieu le {quand}. Chaque remarque faite ce jour-là aura sa réponse.",
        {
            Role.AGENT: "suivez les tâches, ouvrez la rencontre aux inscriptions, [invitez](inviter_temps_fort), puis [dites qu’il a eu lieu](tenir_temps_fort)."
        },
    ),
    T.TENU: Apparence(
        Couleur.ATTENTION,
        "horloge",
        "chaque remarque reçoit sa réponse, ici.",
        {
            Role.AGENT: "[notez ce qui s’est dit](noter_remarque), répondez, puis [fermez-le](clore_temps_fort)."
        },
    ),
    T.CLOS: Apparence(Couleur.SUCCES, "coche", "chaque remarque a sa réponse."),
    T.ANNULE: Apparence(Couleur.NEUTRE, "croix", "il n’a pas lieu."),
}
APPARENCES_ETUDES: dict[str, Apparence] = {
    U.DEPOSEE: Apparence(
        Couleur.ATTENTION,
        "document",
        "il se publie, puis le conseil en entend parler {limite}.",
        {Role.AGENT: "relisez-le, puis [publiez-le](publier_etude)."},
    ),
    U.PUBLIEE: Apparence(
        Couleur.ACCENT,
        "horloge",
        "le conseil en entend parler {limite}.",
        {
            Role.AGENT: "confiez ce qu’il demande [par des suites](ajouter_suite) ; après le conseil, [dites-le](presenter_etude)."
        },
    ),
    U.PRESENTEE: Apparence(Couleur.SUCCES, "coche", "le conseil l’a entendu le {jour}."),
}
