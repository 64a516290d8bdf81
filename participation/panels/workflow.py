"""États and acts of a citizen panel, from its mandate to the answer given to its recommendations."""

from django.db.models import TextChoices

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import Apparence, Couleur, Decision, Role, Table, Transition, etats


class EtatPanel(TextChoices):
    PREPARATION = "preparation", "en préparation"
    INSCRIPTION = "inscription", "inscriptions ouvertes"
    TIRAGE = "tirage", "tirage au sort"
    CONFIRMATION = "confirmation", "en confirmation"
    SESSION = "session", "en session"
    RECOMMANDE = "recommande", "recommandations votées"
    REPONDU = "repondu", "répondu"
    CLOS = "clos", "clos"
    ABANDONNE = "abandonne", "abandonné"


class EtatMarche(TextChoices):
    EN_COURS = "en_cours", "en cours"
    FINI = "fini", "fini"


class Voie(TextChoices):
    """How residents are invited: it decides the time that is needed."""

    COURRIER = "courrier", "par lettre"
    TELEPHONE = "telephone", "par téléphone"


class RoleEquipe(TextChoices):
    PILOTE = "pilote", "pilote le panel"
    ANIMATION = "animation", "anime les séances"
    APPELS = "appels", "appelle les personnes tirées"
    CONTACT = "contact", "contact des personnes tirées"


# Whose calls are all that they see of the panel.
APPELLENT = (RoleEquipe.APPELS, RoleEquipe.CONTACT)


class Canal(TextChoices):
    WEB = "web", "en ligne"
    TELEPHONE = "telephone", "par téléphone"
    PAPIER = "papier", "sur papier"


class Adresse(TextChoices):
    """What the machine says of an address given, beside those that were invited. An agent judges."""

    SANS_LISTE = "sans_liste", "pas de liste d’adresses à comparer"
    MEME = "meme", "la même qu’une adresse invitée"
    PROCHE = "proche", "proche d’une adresse invitée"
    ABSENTE = "absente", "absente des adresses invitées"


class Reponse(TextChoices):
    """Of somebody drawn, once called."""

    A_APPELER = "a_appeler", "à appeler"
    CONFIRMEE = "confirmee", "confirme"
    REFUSEE = "refusee", "renonce"
    INJOIGNABLE = "injoignable", "injoignable"


class Moyen(TextChoices):
    APPEL = "appel", "appel"
    SMS = "sms", "SMS"
    COURRIEL = "courriel", "courriel"
    LETTRE = "lettre", "lettre"
    VISITE = "visite", "visite"


class Issue(TextChoices):
    CONFIRME = "confirme", "confirme sa venue"
    CONTACT = "contact", "son contact lui a parlé"
    RAPPELER = "rappeler", "demande d’être rappelée"
    SANS_REPONSE = "sans_reponse", "pas de réponse"
    MESSAGE = "message", "message laissé"
    FAUX_NUMERO = "faux_numero", "numéro ou adresse faux"
    REFUS_DATES = "refus_dates", "renonce : dates"
    REFUS_SANTE = "refus_sante", "renonce : santé ou famille"
    REFUS_TRAVAIL = "refus_travail", "renonce : travail"
    REFUS_SUJET = "refus_sujet", "renonce : le sujet, la démarche"
    REFUS_AUTRE = "refus_autre", "renonce : autre raison, ou sans raison"
    INJOIGNABLE = "injoignable", "injoignable : on n’essaie plus"


class Public(TextChoices):
    """Who a questionnaire is for."""

    MEMBRES = "membres", "membres du panel"
    ORGANISATEURS = "organisateurs", "équipe et service"


NOTES = ((5, "Tout à fait"), (4, "Plutôt oui"), (3, "Entre les deux"), (2, "Plutôt non"), (1, "Pas du tout"))
REFUS = {issue for issue in Issue if issue.startswith("refus")}

E = EtatPanel
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})
# Who calls for the service (`Equipier`): nothing else of the panel is open to this account.
APPELS = AGENT | {Role.MEMBRE}
AVANT_SESSION = etats(E.PREPARATION, E.INSCRIPTION, E.TIRAGE, E.CONFIRMATION)
OUVERTS = AVANT_SESSION | {E.SESSION, E.RECOMMANDE, E.REPONDU}
TIRES = etats(E.CONFIRMATION, E.SESSION)
RENDUS = etats(E.RECOMMANDE, E.REPONDU)
SIEGEANTS = RENDUS | {E.SESSION, E.CLOS}

# fmt: off
TRANSITIONS: Table = {
    "preparer_panel": Transition(etats(E.PREPARATION), RIEN, AGENT, "Préparer un panel", "Panel préparé"),
    "ouvrir_inscriptions": Transition(etats(E.PREPARATION), etats(E.INSCRIPTION), AGENT, "Ouvrir les inscriptions", "Inscriptions ouvertes", est_public=True, condition="participation.panels.models.manques.avant_d_inscrire"),
    "verser_au_tirage": Transition(etats(E.INSCRIPTION), etats(E.TIRAGE), AGENT, "Clore les inscriptions et verser au tirage", "Inscriptions closes, volontaires versés au tirage", est_dangereux=True, est_public=True, condition="participation.panels.models.manques.avant_de_verser"),
    "ouvrir_appels": Transition(etats(E.TIRAGE), etats(E.CONFIRMATION), AGENT, "Commencer les appels", "Appels commencés", condition="participation.panels.models.manques.avant_d_appeler"),
    "constituer_panel": Transition(etats(E.CONFIRMATION), etats(E.SESSION), AGENT, "Constituer le panel", "Panel constitué", est_public=True, condition="participation.panels.models.manques.avant_de_constituer"),
    "transmettre_recommandations": Transition(etats(E.RECOMMANDE), RIEN, AGENT, "Transmettre les recommandations", "Recommandations transmises", est_public=True, condition="participation.panels.models.manques.avant_de_transmettre", si_possible=True),
    "clore_panel": Transition(etats(E.REPONDU), etats(E.CLOS), AGENT, "Clore le panel", "Panel clos", est_public=True),
    "modifier_panel": Transition(AVANT_SESSION, RIEN, AGENT, "Modifier le panel", "Panel modifié"),
    "noter_etape": Transition(OUVERTS, RIEN, AGENT, "Noter une étape faite", "Étape faite", si_possible=True, condition="participation.panels.preparation.lectures.sans_etape"),
    "regler_strates": Transition(etats(E.PREPARATION), RIEN, AGENT, "Régler l’envoi", "Strates de l’envoi réglées"),
    "preparer_son_tirage": Transition(etats(E.PREPARATION), RIEN, AGENT, "Préparer son tirage", "Tirage préparé pour ce panel", si_possible=True, condition="participation.panels.models.manques.sans_tirage"),
    "ajouter_equipier": Transition(OUVERTS, RIEN, AGENT, "Ajouter à l’équipe", "Équipe complétée"),
    "retirer_equipier": Transition(OUVERTS, RIEN, AGENT, "Retirer de l’équipe", "Équipe changée", sur="equipier"),
    "ecrire_page": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Ajouter une langue", "Page d’inscription ajoutée"),
    "modifier_page": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Modifier la page", "Page d’inscription modifiée", sur="pageinscription"),
    "importer_adresses": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Importer les adresses invitées", "Adresses invitées importées", condition="participation.panels.models.manques.tableau_en_cours"),
    "annuler_adresses": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Annuler le dernier tableau", "Tableau d’adresses annulé", est_dangereux=True, si_possible=True, condition="participation.panels.models.manques.avant_d_annuler"),
    "tirer_numeros": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Tirer des numéros de téléphone", "Numéros de téléphone tirés au sort"),
    "imprimer_invitations": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Imprimer les invitations", "Invitations imprimées", condition="participation.panels.models.manques.avant_d_imprimer"),
    "annoncer_tirage_communes": Transition(etats(E.PREPARATION), RIEN, AGENT, "Annoncer le tirage des communes", "Tirage des communes annoncé", est_public=True, si_possible=True, condition="participation.panels.models.manques.deja_annonce"),
    "demander_parts": Transition(etats(E.PREPARATION), RIEN, AGENT, "Demander leur part aux communes", "Parts demandées aux communes", condition="participation.panels.models.manques.avant_de_demander"),
    "deposer_engagements": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, SYSTEME, "Déposer les engagements", "Engagements d’une commune déposés", sur="partdecommune", par_lien=True, est_public=True),
    "semer_communes": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Écrire la graine des communes", "Graine des communes écrite", est_dangereux=True, est_public=True, condition="participation.panels.models.manques.avant_de_semer", si_possible=True),
    "deposer_preuve": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, SYSTEME, "Déposer la preuve", "Preuve d’une commune déposée", sur="partdecommune", par_lien=True, est_public=True),
    "ressaisir": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Saisir une seconde fois", "Bulletin saisi une seconde fois", sur="inscription", si_possible=True, condition="participation.panels.models.manques.avant_de_ressaisir"),
    "inscrire": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT | SYSTEME, "Inscrire une personne", "Personne inscrite", par_lien=True),
    "accepter_adresses": Transition(etats(E.INSCRIPTION), RIEN, AGENT, "Lire les adresses", "Adresses acceptées", si_possible=True, condition="participation.panels.models.manques.sans_adresse_a_lire"),
    "accepter_adresse": Transition(etats(E.INSCRIPTION), RIEN, AGENT, "Accepter l’adresse", "Adresse acceptée", sur="inscription"),
    "ecarter_inscription": Transition(etats(E.PREPARATION, E.INSCRIPTION), RIEN, AGENT, "Écarter l’inscription", "Inscription écartée", sur="inscription"),
    "noter_appel": Transition(TIRES, RIEN, APPELS, "Noter un appel", "Appel noté", sur="inscription"),
    "remplacer_renoncants": Transition(TIRES, RIEN, AGENT, "Remplacer qui renonce", "Personnes remplacées", si_possible=True, condition="participation.panels.models.manques.sans_renoncant"),
    "completer_panel": Transition(etats(E.SESSION), RIEN, AGENT, "Accueillir les remplaçants", "Remplaçants accueillis", si_possible=True, condition="participation.panels.models.manques.sans_nouveau"),
    "effacer_inscrits": Transition(etats(E.SESSION, E.RECOMMANDE, E.REPONDU, E.CLOS, E.ABANDONNE), RIEN, AGENT, "Effacer qui n’est pas du panel", "Inscriptions effacées", est_dangereux=True, si_possible=True, condition="participation.panels.models.manques.rien_a_effacer"),
    "dresser_tables": Transition(etats(E.SESSION), RIEN, AGENT, "Dresser les tables", "Tables dressées"),
    "imprimer_badges": Transition(etats(E.SESSION), RIEN, AGENT, "Imprimer les badges", "Badges imprimés"),
    "etablir_indemnites": Transition(SIEGEANTS, RIEN, AGENT, "Faire l’état des indemnités", "État des indemnités fait", condition="participation.panels.indemnites.avant_d_etablir", si_possible=True),
    "voir_critere": Transition(SIEGEANTS, RIEN, AGENT, "Voir le critère social", "Critère social vu", sur="inscription", si_possible=True, condition="participation.panels.indemnites.avant_de_voir_le_critere"),
    "attester_presence": Transition(SIEGEANTS, RIEN, AGENT, "Attester la présence", "Attestation de présence faite", sur="inscription", si_possible=True, condition="participation.panels.indemnites.avant_d_attester"),
    "ecrire_recommandation": Transition(etats(E.SESSION), RIEN, AGENT, "Écrire une recommandation", "Recommandation écrite"),
    "corriger_recommandation": Transition(etats(E.SESSION), RIEN, AGENT, "Corriger", "Recommandation corrigée", sur="recommandation", trop_tard="Le panel a voté ce texte : plus personne ne le change."),
    "retirer_recommandation": Transition(etats(E.SESSION), RIEN, AGENT, "Retirer", "Recommandation retirée", sur="recommandation", trop_tard="Le panel a voté ce texte : plus personne ne le change."),
    "confier_recommandation": Transition(etats(E.SESSION, E.RECOMMANDE), RIEN, AGENT, "Dire qui répond", "Direction choisie", sur="recommandation"),
    "adopter_recommandations": Transition(etats(E.SESSION), etats(E.RECOMMANDE), AGENT, "Adopter les recommandations", "Recommandations adoptées par le panel", est_dangereux=True, est_public=True),
    "ouvrir_questionnaires": Transition(SIEGEANTS, RIEN, AGENT, "Ouvrir les questionnaires", "Questionnaires ouverts", si_possible=True, condition="participation.panels.models.manques.questionnaires_ouverts"),
    "repondre_questionnaire": Transition(SIEGEANTS, RIEN, SYSTEME, "Donner mon avis", "Réponse à un questionnaire", condition="participation.panels.models.manques.questionnaires_fermes"),
    "relancer_questionnaires": Transition(SIEGEANTS, RIEN, AGENT, "Rappeler les questionnaires", "Questionnaires rappelés", si_possible=True, condition="participation.panels.models.manques.avant_de_rappeler"),
    "saisir_questionnaire": Transition(SIEGEANTS, RIEN, AGENT, "Saisir un questionnaire de papier", "Questionnaire de papier saisi", si_possible=True, condition="participation.panels.models.manques.questionnaires_fermes"),
    "publier_evaluation": Transition(SIEGEANTS, RIEN, AGENT, "Publier l’évaluation", "Évaluation publiée", est_public=True, si_possible=True, condition="participation.panels.models.manques.questionnaires_fermes"),
    "ouvrir_comite": Transition(SIEGEANTS, RIEN, AGENT, "Ouvrir le comité de suivi", "Comité de suivi ouvert", est_public=True, si_possible=True, condition="participation.panels.models.manques.a_son_comite"),
    "ajouter_suite": Transition(RENDUS, RIEN, AGENT | SYSTEME, "Ajouter une suite", "Suite attendue", est_public=True),
    "constater_reponse": Transition(etats(E.RECOMMANDE), etats(E.REPONDU), SYSTEME, "Constater la réponse", "Toutes les recommandations ont une réponse", est_public=True),
    "constater_avis": Transition(etats(E.PREPARATION), etats(E.CLOS), SYSTEME, "Constater l’avis", "Avis du panel publié sur son dossier"),
    "abandonner_panel": Transition(AVANT_SESSION, etats(E.ABANDONNE), AGENT, "Abandonner le panel", "Panel abandonné", est_dangereux=True, est_public=True),
}

APPARENCES: dict[str, Apparence] = {
    E.PREPARATION: Apparence(Couleur.INFO, "document", "les habitants sont invités, puis s’inscrivent. Première séance le {premiere}.", {Role.AGENT: "[préparez son tirage](preparer_son_tirage) et ses quotas, [écrivez sa page](ecrire_page), puis [ouvrez les inscriptions](ouvrir_inscriptions)."}),
    E.INSCRIPTION: Apparence(Couleur.ACCENT, "personnes", "les habitants invités s’inscrivent, puis le tirage désigne {places} personnes.", {Role.AGENT: "lisez les adresses, regardez qui manque, puis [versez les inscrits au tirage](verser_au_tirage)."}),
    E.TIRAGE: Apparence(Couleur.ATTENTION, "rond", "le tirage au sort désigne {places} personnes.", {Role.AGENT: "menez le tirage, puis [commencez les appels](ouvrir_appels)."}),
    E.CONFIRMATION: Apparence(Couleur.ATTENTION, "horloge", "chaque personne tirée est appelée ; qui renonce est remplacé.", {Role.AGENT: "suivez les appels, [remplacez qui renonce](remplacer_renoncants), puis [constituez le panel](constituer_panel).", Role.MEMBRE: "appelez chaque personne et notez sa réponse."}),
    E.SESSION: Apparence(Couleur.ACCENT, "salle", "le panel travaille, puis vote ses recommandations.", {Role.AGENT: "convoquez chaque séance, [dressez les tables](dresser_tables), puis [écrivez ce que le panel recommande](ecrire_recommandation). Il vote en séance."}),
    E.RECOMMANDE: Apparence(Couleur.ATTENTION, "suites", ici_plus_tard("la {metropole} répond à chaque recommandation."), {Role.AGENT: "[transmettez les recommandations](transmettre_recommandations) aux directions, puis relancez."}),
    E.REPONDU: Apparence(Couleur.SUCCES, "suites", "les réponses sont données ; leurs suites sont publiques.", {Role.AGENT: "dites aux membres ce qui leur est répondu, puis [fermez son dossier](clore_panel)."}),
    E.CLOS: Apparence(Couleur.SUCCES, "coche", "le panel a rendu son travail."),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "ce panel n’aura pas lieu."),
}

M = EtatMarche
MARCHES: Table = {
    "inscrire_marche": Transition(etats(M.EN_COURS), RIEN, AGENT, "Inscrire un marché", "Marché inscrit"),
    "modifier_marche": Transition(etats(M.EN_COURS), RIEN, AGENT, "Modifier le marché", "Marché modifié"),
    "reconduire_marche": Transition(etats(M.EN_COURS), RIEN, AGENT, "Reconduire le marché", "Marché reconduit", si_possible=True, condition="participation.panels.models.marches.avant_de_reconduire"),
    "noter_preparation": Transition(etats(M.EN_COURS), RIEN, AGENT, "Noter ce qui est préparé pour la suite", "Préparation de la suite", si_possible=True, condition="participation.panels.models.marches.sans_alerte"),
    "commander": Transition(etats(M.EN_COURS), RIEN, AGENT, "Noter une commande", "Commande", condition="participation.panels.models.marches.avant_de_commander"),
    "annuler_commande": Transition(etats(M.EN_COURS), RIEN, AGENT, "Annuler la commande", "Commande annulée", sur="commande", est_dangereux=True),
    "clore_marche": Transition(etats(M.EN_COURS), etats(M.FINI), AGENT, "Clore le marché", "Marché clos", est_dangereux=True),
}
APPARENCES_MARCHES: dict[str, Apparence] = {
    M.EN_COURS: Apparence(Couleur.ACCENT, "document", "le marché finit le {fin}. Il reste {reste} HT à commander.", {Role.AGENT: "[notez une commande](commander) quand un panel en a besoin ; préparez le marché suivant à temps."}),
    M.FINI: Apparence(Couleur.NEUTRE, "coche", "plus rien ne se commande sur ce marché."),
}

DECISIONS_DE_SEANCE: dict[str, Decision] = {
    "adopter_recommandations": Decision("Adopter les recommandations", "participation.panels.recommandations.adopter_recommandations", "participation.panels.recommandations.AdopterForm"),
}
# fmt: on
