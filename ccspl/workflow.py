"""The life of an avis of the CCSPL (L1413-1 CGCT): états, roles, and who may do what."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Decision, Role, Table, Transition, etats


class Etat(TextChoices):
    SAISIE = "saisie", "saisine reçue"
    EN_REDACTION = "en_redaction", "en rédaction"
    SOUMIS = "soumis", "soumis au vote"
    ADOPTE = "adopte", "adopté"
    TRANSMIS = "transmis", "transmis, réponse attendue"
    REPONDU = "repondu", "répondu"
    CLOS = "clos", "clos"
    ABANDONNE = "abandonne", "sans objet"


class Sens(TextChoices):
    FAVORABLE = "favorable", "favorable"
    RESERVES = "reserves", "favorable avec réserves"
    PRECONISATIONS = "preconisations", "favorable avec préconisations"
    DEFAVORABLE = "defavorable", "défavorable"
    PARTAGE = "partage", "partagé"
    PRISE_ACTE = "prise_acte", "prise d’acte"


E = Etat
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
MEMBRE = frozenset({Role.MEMBRE})
VIVANTS = etats(E.SAISIE, E.EN_REDACTION, E.SOUMIS, E.ADOPTE, E.TRANSMIS, E.REPONDU)
# The text may still be written.
# The text is frozen.
RENDUS = etats(E.ADOPTE, E.TRANSMIS, E.REPONDU, E.CLOS)

# fmt: off
TRANSITIONS: Table = {
    "prendre_en_charge": Transition(VIVANTS, RIEN, AGENT, "Prendre en charge", "Dossier pris en charge"),
    "fonder": Transition(VIVANTS, RIEN, AGENT, "Dire le fondement de la saisine", "Fondement de la saisine noté", "L1413-1"),
    "ouvrir_redaction": Transition(etats(E.SAISIE), etats(E.EN_REDACTION), AGENT, "Ouvrir la rédaction", "Rédaction ouverte aux membres", "avis"),
    "rediger": Transition(etats(E.EN_REDACTION), RIEN, AGENT, "Écrire le texte", "Texte modifié", "avis"),
    "proposer": Transition(etats(E.EN_REDACTION), RIEN, MEMBRE | AGENT, "Proposer une rédaction", "Rédaction proposée", "avis"),
    "accepter": Transition(etats(E.EN_REDACTION), RIEN, AGENT, "Accepter la proposition", "Proposition acceptée", "avis"),
    "refuser": Transition(etats(E.EN_REDACTION), RIEN, AGENT, "Refuser la proposition", "Proposition refusée", "avis"),
    "preconiser": Transition(etats(E.EN_REDACTION), RIEN, AGENT, "Écrire les préconisations", "Préconisations modifiées", "avis"),
    "soumettre": Transition(etats(E.EN_REDACTION), etats(E.SOUMIS), AGENT, "Soumettre au vote", "Texte soumis au vote", "avis"),
    "rouvrir_redaction": Transition(etats(E.SOUMIS), etats(E.EN_REDACTION), AGENT, "Reprendre la rédaction", "Rédaction reprise", "avis"),
    "adopter": Transition(etats(E.SOUMIS), etats(E.ADOPTE), AGENT, "Adopter l’avis", "Avis adopté", "L1413-1", est_public=True),
    "rejeter": Transition(etats(E.SOUMIS), etats(E.EN_REDACTION), AGENT, "Rejeter le texte", "Texte rejeté en séance", "avis"),
    "noter_position": Transition(etats(E.EN_REDACTION, E.SOUMIS, E.ADOPTE), RIEN, MEMBRE | AGENT, "Noter une position minoritaire", "Position minoritaire notée", "R133-13"),
    "repondre": Transition(etats(E.TRANSMIS), etats(E.REPONDU), AGENT | {Role.SYSTEME}, "Constater la réponse", "Réponse complète reçue", "suites", est_public=True, si_possible=True),
    "rendre_aux_membres": Transition(etats(E.TRANSMIS, E.REPONDU), RIEN, AGENT, "Rendre compte aux membres", "Réponse présentée aux membres", "suites"),
    "clore": Transition(etats(E.REPONDU), etats(E.CLOS), AGENT, "Clore le dossier", "Dossier clos", "suites", est_public=True),
    "transmettre": Transition(etats(E.ADOPTE, E.TRANSMIS, E.REPONDU), etats(E.TRANSMIS), AGENT, "Transmettre l’avis", "Avis transmis", "R133-13", est_public=True),
    "citer": Transition(etats(E.ADOPTE, E.TRANSMIS, E.REPONDU), RIEN, AGENT, "Noter la délibération qui cite l’avis", "Délibération notée", "L1413-1", est_public=True),
    "resumer": Transition(etats(E.ADOPTE, E.TRANSMIS, E.REPONDU), RIEN, AGENT, "Résumer l’avis", "Résumé de l’avis modifié", "avis"),
    "promettre_suite": Transition(etats(E.ADOPTE, E.TRANSMIS, E.REPONDU), RIEN, AGENT | {Role.SYSTEME}, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "abandonner": Transition(etats(E.SAISIE, E.EN_REDACTION, E.SOUMIS), etats(E.ABANDONNE), AGENT, "Classer sans objet", "Saisine sans objet", est_dangereux=True),
}

APPARENCES: dict[str, Apparence] = {
    E.SAISIE: Apparence(Couleur.INFO, "document", "la commission écrit son avis{avant}.", {Role.AGENT: "vérifiez le fondement de la saisine, puis ouvrez la rédaction."}),
    E.EN_REDACTION: Apparence(Couleur.ACCENT, "rond", "les membres écrivent le texte, l’avis est attendu{avant}.", {Role.MEMBRE: "lisez le texte et proposez vos rédactions.", Role.AGENT: "décidez des propositions, puis soumettez le texte au vote."}),
    E.SOUMIS: Apparence(Couleur.ATTENTION, "main", "la commission vote le texte en séance."),
    E.ADOPTE: Apparence(Couleur.ATTENTION, "coche", "l’avis est transmis à la Métropole.", {Role.AGENT: "transmettez l’avis et ses préconisations."}),
    E.TRANSMIS: Apparence(Couleur.INFO, "horloge", "la Métropole répond à chaque préconisation{avant}.", {Role.AGENT: "relancez les directions qui n’ont pas répondu."}),
    E.REPONDU: Apparence(Couleur.SUCCES, "suites", "les réponses sont présentées aux membres, puis suivies.", {Role.AGENT: "présentez les réponses à la prochaine séance."}),
    E.CLOS: Apparence(Couleur.SUCCES, "coche", "le dossier est clos."),
    E.ABANDONNE: Apparence(Couleur.NEUTRE, "croix", "la saisine est sans objet."),
}

# Sent, the avis waits for the directions; answered, it is presented before it is closed.
ACTES_DUS: dict[str, str] = {E.TRANSMIS: "", E.REPONDU: "rendre_aux_membres"}

# In séance: the text goes to the vote as `soumis`; the sense is asked when it is adopted.
DECISIONS_DE_SEANCE: dict[str, Decision] = {
    "adopter": Decision("Adopter l’avis", "ccspl.actions.redaction.adopter", "ccspl.forms.redaction.AdopterForm"),
    "rejeter": Decision("Rejeter le texte", "ccspl.actions.redaction.rejeter", "ccspl.forms.redaction.RejeterForm", favorable=False),
}
# fmt: on
