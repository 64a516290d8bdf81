"""États and acts of a suite."""

from django.db.models import TextChoices

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition


class Etat(TextChoices):
    RECUE = "recue", "reçue"
    A_L_ETUDE = "a_l_etude", "à l’étude"
    SUIVIE = "suivie", "suivie"
    SUIVIE_EN_PARTIE = "suivie_en_partie", "suivie en partie"
    NON_SUIVIE = "non_suivie", "non suivie"
    HORS_COMPETENCE = "hors_competence", "hors de nos compétences"
    REALISEE = "realisee", "réalisée"


class Origine(TextChoices):
    DEMANDEE = "demandee", "demandée"
    PROMISE = "promise", "promise"


ARRIVEES: dict[str, frozenset[str]] = {
    Etat.RECUE: frozenset(
        {Etat.A_L_ETUDE, Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE}
    ),
    Etat.A_L_ETUDE: frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE}),
    Etat.SUIVIE: frozenset({Etat.REALISEE, Etat.SUIVIE_EN_PARTIE}),
    Etat.SUIVIE_EN_PARTIE: frozenset({Etat.REALISEE, Etat.SUIVIE}),
    Etat.NON_SUIVIE: frozenset({Etat.A_L_ETUDE}),
    Etat.HORS_COMPETENCE: frozenset(),
    Etat.REALISEE: frozenset(),
}
# These états need a public reason.
MOTIVES = frozenset({Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE})
# These états are answers: the first of them ends the measured delay.
REPONSES = frozenset(
    {Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.REALISEE}
)
# An answer is expected in these états.
A_RENDRE = frozenset({Etat.RECUE, Etat.A_L_ETUDE})
# Answered, and work remains to be done: a date may be given for it.
A_REALISER = frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE})
ABOUTIS = frozenset({Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.REALISEE})

APPARENCES: dict[str, Apparence] = {
    Etat.RECUE: Apparence(Couleur.INFO, "horloge"),
    Etat.A_L_ETUDE: Apparence(Couleur.ACCENT, "rond"),
    Etat.SUIVIE: Apparence(Couleur.ACCENT, "suites"),
    Etat.SUIVIE_EN_PARTIE: Apparence(Couleur.INFO, "info"),
    Etat.NON_SUIVIE: Apparence(Couleur.NEUTRE, "croix"),
    Etat.HORS_COMPETENCE: Apparence(Couleur.NEUTRE, "lien"),
    Etat.REALISEE: Apparence(Couleur.SUCCES, "coche"),
}

SERVICE = frozenset({Role.AGENT})
# The direction in charge, by its account (see Suite.roles_de). By its signed link, it acts as the system.
TENANTS = SERVICE | {Role.AGENT_DIRECTION}
LIEN = frozenset({Role.SYSTEME})
RIEN: frozenset[str] = frozenset()
OUVERTS = frozenset(ARRIVEES) - ABOUTIS
MOBILES = frozenset(etat for etat, arrivees in ARRIVEES.items() if arrivees)

# fmt: off
TRANSITIONS: Table = {
    # ARRIVEES says which états are reached from each état.
    "changer_etat": Transition(MOBILES, frozenset(Etat.values), TENANTS | LIEN, "Dire où en est la suite", "Suite mise à jour"),
    "promettre": Transition(PARTOUT, RIEN, SERVICE, ici_plus_tard("Dire que la {metropole} l’a promis"), "La promesse est notée", condition="participation.suites.models.suites.pas_deja_promise"),
    "relancer": Transition(OUVERTS, RIEN, SERVICE, "Relancer la direction", "La relance est partie", condition="participation.suites.models.suites.direction_joignable", trop_tard="Cette suite est arrivée à son terme : il n’y a plus rien à demander."),
    "prouver": Transition(PARTOUT, RIEN, TENANTS, "Ajouter une preuve", "La preuve est ajoutée"),
    "corriger": Transition(PARTOUT, RIEN, SERVICE, "Corriger le texte publié", "Le texte est corrigé"),
    "deplacer_date": Transition(OUVERTS, RIEN, SERVICE, "Déplacer la date", "La date est déplacée", trop_tard="Cette suite est arrivée à son terme : sa date ne change plus."),
    "changer_direction": Transition(OUVERTS, RIEN, SERVICE, "Confier à une autre direction", "La suite est confiée à une autre direction", condition="participation.suites.models.suites.rien_a_publier", trop_tard="Cette suite est arrivée à son terme : sa direction ne change plus."),
    "repondre_par_lien": Transition(OUVERTS, RIEN, LIEN, "Répondre", "Réponse reçue de la direction", par_lien=True, trop_tard="Cette suite est arrivée à son terme."),
    "retenir": Transition(MOBILES, RIEN, SERVICE, "Publier la réponse", "La réponse est publiée", sur="reponsedirection"),
    "ecarter": Transition(PARTOUT, RIEN, SERVICE, "Ne pas publier cette réponse", "La réponse est écartée", sur="reponsedirection"),
}
# fmt: on
