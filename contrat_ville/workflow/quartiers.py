"""Work of the référents in a quartier: meetings, observations, focus groups, with their tables of acts."""

from django.db.models import TextChoices

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition, etats


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
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
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
    "tenir_groupe": Transition(etats(G.PREPARE), etats(G.TENU), REFERENT, "Dire que le groupe s’est réuni", "Groupe réuni", "réunion"),
    "noter_parole": Transition(etats(G.TENU, G.RESTITUE), RIEN, REFERENT, "Noter une parole", "Parole notée, sans nom", "réunion"),
    "retirer_parole": Transition(etats(G.TENU, G.RESTITUE, G.CLOS), RIEN, REFERENT, "Retirer cette parole", "Parole retirée", "réunion", sur="parole", est_dangereux=True),
    "rediger_synthese": Transition(etats(G.TENU, G.RESTITUE), etats(G.RESTITUE), REFERENT, "Écrire la synthèse", "Synthèse écrite", "restitution"),
    "publier_synthese": Transition(etats(G.RESTITUE), RIEN, REFERENT, "Publier la synthèse", "Synthèse publiée", "restitution", est_public=True, si_possible=True),
    "ajouter_suite": Transition(etats(G.RESTITUE), RIEN, REFERENT, "Ajouter une suite", "Suite attendue", "suites", est_public=True),
    "clore_groupe": Transition(etats(G.RESTITUE), etats(G.CLOS), REFERENT, "Clore le dossier", "Dossier clos", "suites"),
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
