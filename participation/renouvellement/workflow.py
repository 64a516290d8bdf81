"""États and acts of a renewal campaign, from its draft to the installation of the mandature."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop

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


class EtatCampagne(TextChoices):
    BROUILLON = "brouillon", "en préparation"
    OUVERTE = "ouverte", "appel publié"
    CLOSE = "close", "appel clos"
    SELECTION = "selection", "sélection en cours"
    ARRETEE = "arretee", "liste arrêtée"
    INSTALLEE = "installee", "mandature installée"
    ABANDONNEE = "abandonnee", "abandonnée"


class EtatCandidature(TextChoices):
    A_CONFIRMER = "a_confirmer", "à confirmer par courriel"
    DEPOSEE = "deposee", "déposée"
    RETIREE = "retiree", "retirée"


class Eligibilite(TextChoices):
    A_VERIFIER = "a_verifier", "à vérifier"
    ELIGIBLE = "eligible", "recevable"
    NON_ELIGIBLE = "non_eligible", "non recevable"


class Motif(TextChoices):
    """Coded reason of a refusal, quoted in the letter."""

    COMMUNE = "commune", gettext_noop("La personne n’habite pas l’une des communes du territoire.")
    AGE = "age", gettext_noop("La personne n’a pas l’âge demandé.")
    ELU = "elu", gettext_noop("Le collège n’est pas ouvert aux personnes qui ont un mandat d’élu local.")
    ASSOCIATION = (
        "association",
        gettext_noop("L’organisme n’est pas une association, ou n’agit pas sur le territoire."),
    )
    SUPPLEANCE = "suppleance", gettext_noop("La candidature ne présente pas de suppléant ou de suppléante.")
    DOUBLE = (
        "double",
        gettext_noop("Une autre candidature de la même personne ou de la même association est gardée."),
    )
    INCOMPLETE = "incomplete", gettext_noop("La candidature est restée incomplète après notre demande.")


class Choix(TextChoices):
    RETENUE = "retenue", "retenue"
    ATTENTE = "attente", "en liste d’attente"
    NON_RETENUE = "non_retenue", "non retenue"


E = EtatCampagne
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
# The holder of the link of a candidature acts as SYSTEME.
LIEN = SYSTEME
# The reader of a candidature (Lecture.roles_de).
LECTEUR = frozenset({Role.MEMBRE})
AVANT_ARRET = etats(E.OUVERTE, E.CLOSE, E.SELECTION)
PUBLIQUES = AVANT_ARRET | etats(E.ARRETEE, E.INSTALLEE)
APRES_ARRET = etats(E.ARRETEE, E.INSTALLEE)
FINIES = APRES_ARRET | etats(E.ABANDONNEE)

# fmt: off
TRANSITIONS: Table = {
    "preparer_campagne": Transition(etats(E.BROUILLON), etats(E.BROUILLON), AGENT, "Préparer la campagne", "Campagne préparée", condition="participation.renouvellement.models.campagne.Campagne.avant_de_preparer"),
    "ouvrir_appel": Transition(etats(E.BROUILLON), etats(E.OUVERTE), AGENT, "Publier l’appel", "Appel à candidatures publié", condition="participation.renouvellement.models.campagne.Campagne.avant_de_publier"),
    "modifier_campagne": Transition(etats(E.BROUILLON), RIEN, AGENT, "Modifier les règles", "Règles modifiées"),
    "regler_colleges": Transition(etats(E.BROUILLON), RIEN, AGENT, "Collèges", "Collèges modifiés"),
    "regler_questions": Transition(etats(E.BROUILLON), RIEN, AGENT, "Questions", "Questions modifiées"),
    "regler_criteres": Transition(etats(E.BROUILLON), RIEN, AGENT, "Critères de la grille", "Grille du comité modifiée"),
    "amender_appel": Transition(etats(E.OUVERTE), RIEN, AGENT, "Corriger les textes", "Textes de l’appel corrigés"),
    "prolonger_appel": Transition(etats(E.OUVERTE), RIEN, AGENT, "Prolonger l’appel", "Appel prolongé"),
    "clore_appel": Transition(etats(E.OUVERTE), etats(E.CLOSE), AGENT | SYSTEME, "Clore l’appel", "Appel clos"),
    "noter_parts": Transition(etats(E.BROUILLON) | AVANT_ARRET, RIEN, AGENT, "Noter les parts de référence", "Parts de référence notées"),
    "ouvrir_selection": Transition(etats(E.CLOSE), etats(E.SELECTION), AGENT, "Ouvrir la sélection", "Sélection ouverte", condition="participation.renouvellement.models.campagne.Campagne.avant_la_selection"),
    "composer_comite": Transition(AVANT_ARRET, RIEN, AGENT, "Comité de sélection", "Comité de sélection composé"),
    "retirer_relecteur": Transition(AVANT_ARRET, RIEN, AGENT, "Retirer du comité", "Départ du comité de sélection", sur="relecteur"),
    "repartir_lectures": Transition(etats(E.SELECTION), RIEN, AGENT, "Répartir les lectures", "Lectures réparties", condition="participation.renouvellement.models.campagne.Campagne.avant_de_repartir"),
    "rendre_lecture": Transition(etats(E.SELECTION), RIEN, LECTEUR, "Lire et noter", "Candidature notée", sur="lecture"),
    "se_deporter_candidature": Transition(etats(E.SELECTION), RIEN, LECTEUR, "Se déporter", "Déport sur une candidature", sur="lecture"),
    "saisir_tirage": Transition(etats(E.SELECTION), RIEN, AGENT, "Saisir le résultat d’un tirage fait ailleurs", "Résultat du tirage saisi", sur="collegecampagne", si_possible=True, condition="participation.renouvellement.models.regles.CollegeCampagne.pas_tire_ici"),
    "preparer_tirage_au_sort": Transition(etats(E.SELECTION), RIEN, AGENT, "Préparer le tirage au sort", "Tirage au sort préparé", sur="collegecampagne", si_possible=True, condition="participation.renouvellement.models.regles.CollegeCampagne.avant_de_preparer"),
    "verser_candidatures": Transition(etats(E.SELECTION), RIEN, AGENT, "Verser de nouveau les candidatures", "Candidatures versées dans le tirage", sur="collegecampagne", si_possible=True, condition="participation.renouvellement.models.regles.CollegeCampagne.avant_de_verser"),
    "designer_par_tirage": Transition(etats(E.SELECTION), RIEN, AGENT, "Désigner selon le tirage", "Places désignées par le tirage au sort", sur="collegecampagne", si_possible=True, condition="participation.renouvellement.models.regles.CollegeCampagne.avant_de_designer"),
    "proposer_selection": Transition(etats(E.SELECTION), RIEN, AGENT, "Suivre le classement", "Sélection proposée selon le classement", sur="collegecampagne"),
    "arreter": Transition(etats(E.SELECTION), etats(E.ARRETEE), AGENT, "Arrêter la liste", "Liste arrêtée, lettres envoyées", est_dangereux=True, condition="participation.renouvellement.models.campagne.Campagne.avant_d_arreter"),
    "nommer_membres": Transition(etats(E.ARRETEE), RIEN, AGENT, "Nommer les membres", "Membres nommés"),
    "appeler_suivant": Transition(APRES_ARRET, RIEN, AGENT, "Appeler la personne suivante", "Place proposée à la liste d’attente", sur="collegecampagne", condition="participation.renouvellement.models.regles.CollegeCampagne.avant_d_appeler"),
    "ajouter_etape": Transition(APRES_ARRET, RIEN, AGENT, "Ajouter une étape", "Étape ajoutée"),
    "cocher_etape": Transition(APRES_ARRET, RIEN, AGENT, "Cocher une étape", "Étape de l’installation", sur="etapeinstallation"),
    "installer_mandature": Transition(etats(E.ARRETEE), etats(E.INSTALLEE), AGENT, "Installer la mandature", "Mandature installée", condition="participation.renouvellement.models.campagne.Campagne.avant_d_installer"),
    "abandonner_campagne": Transition(etats(E.BROUILLON) | AVANT_ARRET, etats(E.ABANDONNEE), AGENT, "Abandonner la campagne", "Campagne abandonnée", est_dangereux=True),
    "effacer_candidatures": Transition(FINIES, RIEN, AGENT, "Effacer des candidatures", "Données de candidatures effacées", "RGPD", est_dangereux=True, condition="participation.renouvellement.models.campagne.Campagne.avant_d_effacer"),
    **ACTES_DE_COURRIER,
    # On a candidature: by agents, then by its link
    "saisir_candidature": Transition(etats(E.OUVERTE, E.CLOSE), RIEN, AGENT, "Saisir une candidature papier", "Candidature papier saisie", sur="collegecampagne"),
    "decider_candidature": Transition(etats(E.SELECTION), RIEN, AGENT, "Décider", "Décision sur une candidature", sur="candidature"),
    "declarer_eligible": Transition(AVANT_ARRET, RIEN, AGENT, "Déclarer recevable", "Candidature recevable", sur="candidature", si_possible=True, condition="participation.renouvellement.models.candidature.Candidature.pas_deja_recevable"),
    "declarer_non_eligible": Transition(AVANT_ARRET, RIEN, AGENT, "Déclarer non recevable", "Candidature non recevable", sur="candidature", si_possible=True, condition="participation.renouvellement.models.candidature.Candidature.pas_deja_ecartee"),
    "corriger_candidature_agent": Transition(AVANT_ARRET, RIEN, AGENT, "Corriger la candidature", "Candidature corrigée", sur="candidature"),
    # An address may always be corrected: who has none can be neither written to nor convened.
    "corriger_coordonnees": Transition(AVANT_ARRET | APRES_ARRET, RIEN, AGENT, "Corriger ses coordonnées", "Coordonnées corrigées", sur="candidature"),
    "retirer_candidature_agent": Transition(AVANT_ARRET, RIEN, AGENT, "Retirer la candidature", "Candidature retirée", sur="candidature", est_dangereux=True),
    "noter_reponse": Transition(APRES_ARRET, RIEN, AGENT, "Noter la réponse", "Réponse à l’appel reçue", sur="candidature"),
    "confirmer_candidature": Transition(PARTOUT, RIEN, LIEN, "Confirmer ma candidature", "Candidature déposée", sur="candidature", condition="participation.renouvellement.models.candidature.Candidature.avant_de_confirmer"),
    "corriger_candidature": Transition(etats(E.OUVERTE), RIEN, LIEN, "Corriger ma candidature", "Candidature corrigée", sur="candidature"),
    "retirer_candidature": Transition(PARTOUT, RIEN, LIEN, "Retirer ma candidature", "Candidature retirée", sur="candidature"),
    "repondre_appel": Transition(PARTOUT, RIEN, LIEN, "Répondre", "Réponse à l’appel reçue", sur="candidature"),
}

EST_TIRE = "Les places de ce collège sont tirées au sort : désignez selon le tirage, ou saisissez son résultat."
ACTES_DE_TIRAGE = frozenset({"saisir_tirage", "preparer_tirage_au_sort", "verser_candidatures", "designer_par_tirage"})
# Refusals once the campaign has left the état of the act.
TROP_TARD = {
    "corriger_candidature": gettext_noop("L’appel est clos : la candidature ne change plus."),
    "composer_comite": "La liste est arrêtée : le comité ne change plus.",
    "rendre_lecture": "La sélection n’est pas ouverte : les notes ne changent plus.",
    "se_deporter_candidature": "La sélection n’est pas ouverte : les notes ne changent plus.",
}

APPARENCES: dict[str, Apparence] = {
    E.BROUILLON: Apparence(Couleur.INFO, "document", "l’appel est publié, puis les candidatures arrivent {periode}.", {Role.AGENT: "complétez [les collèges](regler_colleges), [les questions](regler_questions) et [les critères](regler_criteres), puis [publiez l’appel](ouvrir_appel)."}),
    E.OUVERTE: Apparence(Couleur.ACCENT, "rond", "les candidatures arrivent {periode}, jusqu’à minuit.", {Role.AGENT: "vérifiez les candidatures à mesure qu’elles arrivent."}),
    E.CLOSE: Apparence(Couleur.ATTENTION, "horloge", "les candidatures sont vérifiées, puis lues par le comité de sélection, ou tirées au sort.", {Role.AGENT: "finissez de vérifier les candidatures, [composez le comité](composer_comite), puis [ouvrez la sélection](ouvrir_selection)."}),
    E.SELECTION: Apparence(Couleur.ATTENTION, "main", "le comité note les candidatures, ou le sort désigne, puis la liste est arrêtée.", {Role.AGENT: "suivez les lectures ou le tirage de chaque collège, décidez de chaque candidature, puis [arrêtez la liste](arreter)."}),
    E.ARRETEE: Apparence(Couleur.INFO, "courriel", "les membres sont nommés par {nomme_par}, puis la mandature est installée.", {Role.AGENT: "[nommez les membres](nommer_membres) quand la délibération est prise, suivez les étapes, puis [installez la mandature](installer_mandature)."}),
    E.INSTALLEE: Apparence(Couleur.SUCCES, "coche", "la mandature siège. Quand une place se libère, la liste d’attente est appelée."),
    E.ABANDONNEE: Apparence(Couleur.NEUTRE, "croix", "la campagne est abandonnée."),
}
# fmt: on

# Default checklist of the installation; each campaign has its own copy, which agents change.
ETAPES_INSTALLATION: tuple[tuple[str, str, bool], ...] = (
    (
        "Convoquer la séance d’installation",
        "Première séance de la nouvelle mandature, avec tous les collèges.",
        True,
    ),
    (
        "Remettre le règlement intérieur",
        "À chaque membre, titulaire ou suppléant, avec le calendrier de l’année.",
        True,
    ),
    (
        "Vérifier les accès",
        "Chaque membre a ouvert son espace une fois ; les besoins d’accessibilité sont notés.",
        False,
    ),
    (
        "Élire la présidence et les délégués de collège",
        "En séance d’installation, selon le règlement intérieur.",
        False,
    ),
    (
        "Transmettre ce qui attend une réponse",
        "La nouvelle mandature suit les réponses dues à l’ancienne.",
        True,
    ),
    ("Remercier les membres sortants", "Une lettre, et le bilan de la mandature.", False),
    ("Publier la composition", "La page publique montre la nouvelle composition.", True),
)
