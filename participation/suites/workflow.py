"""États and acts of a suite."""

from django.db.models import TextChoices
from django.utils.translation import gettext_noop as _

from participation.socle.collectivite import ici_plus_tard
from participation.socle.workflow import PARTOUT, Apparence, Couleur, Role, Table, Transition


class Etat(TextChoices):
    RECUE = "recue", _("reçue")
    A_L_ETUDE = "a_l_etude", _("à l’étude")
    SUIVIE = "suivie", _("suivie")
    SUIVIE_EN_PARTIE = "suivie_en_partie", _("suivie en partie")
    NON_SUIVIE = "non_suivie", _("non suivie")
    HORS_COMPETENCE = "hors_competence", _("hors de nos compétences")
    A_L_ARRET = "a_l_arret", _("à l’arrêt")
    REALISEE = "realisee", _("réalisée")
    ABANDONNEE = "abandonnee", _("abandonnée")
    SANS_OBJET = "sans_objet", _("sans objet")


class Degre(TextChoices):
    """What is shown to be done: the grid of the Cour des comptes and of the chambers, no proof first."""

    SANS_PREUVE = "sans_preuve", _("pas de preuve")
    EN_COURS = "en_cours", _("mise en œuvre en cours")
    INCOMPLETE = "incomplete", _("mise en œuvre incomplète")
    TOTALE = "totale", _("mise en œuvre totale")
    NON_MISE_EN_OEUVRE = "non_mise_en_oeuvre", _("non mise en œuvre")
    REFUS = "refus", _("refus de mise en œuvre")
    SANS_OBJET = "sans_objet", _("sans objet")


class Origine(TextChoices):
    DEMANDEE = "demandee", "demandée"
    PROMISE = "promise", "promise"


class Jugement(TextChoices):
    """What who asked says of a suite."""

    FAIT = "fait", "c’est fait"
    EN_PARTIE = "en_partie", "c’est fait en partie"
    PAS_FAIT = "pas_fait", "ce n’est pas fait"
    SANS_AVIS = "sans_avis", "je ne peux pas le dire"


class Raison(TextChoices):
    """Why the clock of a suite is stopped."""

    ELECTIONS = "elections", "période électorale"
    COMPLEMENT = "complement", "complément attendu"
    CONTENTIEUX = "contentieux", "contentieux en cours"


# What was promised or accepted may stop, be dropped or lose its reason: in public, never by erasing it.
_MAL_FINIES = frozenset({Etat.A_L_ARRET, Etat.ABANDONNEE, Etat.SANS_OBJET})
ARRIVEES: dict[str, frozenset[str]] = {
    Etat.RECUE: frozenset(
        {
            Etat.A_L_ETUDE,
            Etat.SUIVIE,
            Etat.SUIVIE_EN_PARTIE,
            Etat.NON_SUIVIE,
            Etat.HORS_COMPETENCE,
            Etat.SANS_OBJET,
        }
    ),
    Etat.A_L_ETUDE: frozenset(
        {Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.SANS_OBJET}
    ),
    Etat.SUIVIE: frozenset({Etat.REALISEE, Etat.SUIVIE_EN_PARTIE, *_MAL_FINIES}),
    Etat.SUIVIE_EN_PARTIE: frozenset({Etat.REALISEE, Etat.SUIVIE, *_MAL_FINIES}),
    Etat.A_L_ARRET: frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.REALISEE, *_MAL_FINIES})
    - {Etat.A_L_ARRET},
    Etat.NON_SUIVIE: frozenset({Etat.A_L_ETUDE}),
    Etat.HORS_COMPETENCE: frozenset(),
    Etat.REALISEE: frozenset(),
    Etat.ABANDONNEE: frozenset(),
    Etat.SANS_OBJET: frozenset(),
}
# These états need a public reason.
MOTIVES = frozenset({Etat.SUIVIE_EN_PARTIE, Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, *_MAL_FINIES})
# An answer is expected in these états.
A_RENDRE = frozenset({Etat.RECUE, Etat.A_L_ETUDE})
# These états are answers: the first of them ends the measured delay.
REPONSES = frozenset(Etat) - A_RENDRE
# Answered, and work remains to be done: a date may be given for it.
A_REALISER = frozenset({Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.A_L_ARRET})
ABOUTIS = frozenset({Etat.NON_SUIVIE, Etat.HORS_COMPETENCE, Etat.REALISEE, Etat.ABANDONNEE, Etat.SANS_OBJET})
# Who asked is asked for a verdict when the direction says that it is over.
A_JUGER = frozenset({Etat.REALISEE, Etat.ABANDONNEE, Etat.SANS_OBJET})
# What was said may be found wrong: a closed suite goes back to work, and its history says so.
RECTIFIES = frozenset({Etat.A_L_ETUDE, Etat.SUIVIE, Etat.SUIVIE_EN_PARTIE, Etat.A_L_ARRET})
# An état that is a degree by itself: its reason is the source.
DEGRES_DES_ETATS: dict[Etat, Degre] = {
    Etat.NON_SUIVIE: Degre.REFUS,
    Etat.HORS_COMPETENCE: Degre.SANS_OBJET,
    Etat.ABANDONNEE: Degre.NON_MISE_EN_OEUVRE,
    Etat.SANS_OBJET: Degre.SANS_OBJET,
}
# What may be shown of a suite that no état settles. Never « totale » without a source (`regles.degre_apres`).
DEGRES_A_PROUVER = (Degre.EN_COURS, Degre.INCOMPLETE, Degre.TOTALE, Degre.NON_MISE_EN_OEUVRE)

APPARENCES: dict[str, Apparence] = {
    Etat.RECUE: Apparence(Couleur.INFO, "horloge"),
    Etat.A_L_ETUDE: Apparence(Couleur.ACCENT, "rond"),
    Etat.SUIVIE: Apparence(Couleur.ACCENT, "suites"),
    Etat.SUIVIE_EN_PARTIE: Apparence(Couleur.INFO, "info"),
    Etat.NON_SUIVIE: Apparence(Couleur.NEUTRE, "croix"),
    Etat.HORS_COMPETENCE: Apparence(Couleur.NEUTRE, "lien"),
    Etat.A_L_ARRET: Apparence(Couleur.ATTENTION, "pause"),
    Etat.REALISEE: Apparence(Couleur.SUCCES, "coche"),
    Etat.ABANDONNEE: Apparence(Couleur.NEUTRE, "croix"),
    Etat.SANS_OBJET: Apparence(Couleur.NEUTRE, "info"),
}
APPARENCES_DES_DEGRES: dict[str, Apparence] = {
    Degre.SANS_PREUVE: Apparence(Couleur.NEUTRE, "info"),
    Degre.EN_COURS: Apparence(Couleur.ACCENT, "rond"),
    Degre.INCOMPLETE: Apparence(Couleur.ATTENTION, "rond"),
    Degre.TOTALE: Apparence(Couleur.SUCCES, "coche"),
    Degre.NON_MISE_EN_OEUVRE: Apparence(Couleur.ERREUR, "croix"),
    Degre.REFUS: Apparence(Couleur.NEUTRE, "croix"),
    Degre.SANS_OBJET: Apparence(Couleur.NEUTRE, "info"),
}

SERVICE = frozenset({Role.AGENT})
# The direction in charge, by its account (see Suite.roles_de). By its signed link, it acts as the system.
TENANTS = SERVICE | {Role.AGENT_DIRECTION}
LIEN = frozenset({Role.SYSTEME})
RIEN: frozenset[str] = frozenset()
OUVERTS = frozenset(ARRIVEES) - ABOUTIS
MOBILES = frozenset(etat for etat, arrivees in ARRIVEES.items() if arrivees)

A_PROUVER: frozenset[str] = frozenset(Etat) - frozenset(DEGRES_DES_ETATS)

# fmt: off
TRANSITIONS: Table = {
    # ARRIVEES says which états are reached from each état.
    "changer_etat": Transition(MOBILES, frozenset(Etat.values), TENANTS | LIEN, "Dire où en est la suite", "Suite mise à jour"),
    "promettre": Transition(PARTOUT, RIEN, SERVICE, ici_plus_tard("Dire que la {metropole} l’a promis"), "La promesse est notée", si_possible=True, condition="participation.suites.models.suites.pas_deja_promise"),
    "relancer": Transition(OUVERTS, RIEN, SERVICE, "Relancer la direction", "La relance est partie", condition="participation.suites.models.suites.direction_joignable", trop_tard="Cette suite est arrivée à son terme : il n’y a plus rien à demander."),
    "prouver": Transition(PARTOUT, RIEN, TENANTS, "Ajouter une preuve", "La preuve est ajoutée"),
    "dire_degre": Transition(A_PROUVER, RIEN, TENANTS, "Dire ce qui est mis en œuvre", "La mise en œuvre est notée", trop_tard="Ce que dit la suite vaut déjà réponse : il n’y a rien à mettre en œuvre."),
    "rectifier": Transition(ABOUTIS, RECTIFIES, SERVICE, "Rectifier ce qui a été dit", "La suite est rectifiée", est_dangereux=True),
    "suspendre": Transition(OUVERTS, RIEN, SERVICE, "Arrêter le délai", "Le délai est arrêté", condition="participation.suites.models.suspensions.pas_deja_arretee", trop_tard="Cette suite est arrivée à son terme : son délai ne court plus."),
    "reprendre": Transition(PARTOUT, RIEN, SERVICE, "Faire courir le délai de nouveau", "Le délai court de nouveau", sur="suspensionsuite"),
    "juger": Transition(PARTOUT, RIEN, LIEN, "Dire si c’est fait", "Verdict reçu", par_lien=True, sur="verdict"),
    "saisir_verdict": Transition(PARTOUT, RIEN, SERVICE, "Noter un verdict dit sans internet", "Verdict noté", si_possible=True, condition="participation.suites.models.verdicts.pas_publique"),
    "remettre_code": Transition(PARTOUT, RIEN, SERVICE, "Remettre un code sur papier", "Code remis sur papier", si_possible=True, condition="participation.suites.models.verdicts.pas_publique"),
    "publier_mot": Transition(PARTOUT, RIEN, SERVICE, "Publier ce mot", "Le mot est publié", sur="verdict"),
    "ecarter_mot": Transition(PARTOUT, RIEN, SERVICE, "Ne pas publier ce mot", "Le mot n’est pas publié", sur="verdict", defait_par="participation.suites.verdicts.rendre_mot"),
    "corriger": Transition(PARTOUT, RIEN, SERVICE, "Corriger le texte publié", "Le texte est corrigé"),
    "deplacer_date": Transition(OUVERTS, RIEN, SERVICE, "Déplacer la date", "La date est déplacée", trop_tard="Cette suite est arrivée à son terme : sa date ne change plus."),
    "changer_direction": Transition(OUVERTS, RIEN, SERVICE, "Confier à une autre direction", "La suite est confiée à une autre direction", condition="participation.suites.models.suites.rien_a_publier", trop_tard="Cette suite est arrivée à son terme : sa direction ne change plus."),
    "repondre_par_lien": Transition(OUVERTS, RIEN, LIEN, "Répondre", "Réponse reçue de la direction", par_lien=True, trop_tard="Cette suite est arrivée à son terme."),
    "retenir": Transition(MOBILES, RIEN, SERVICE, "Publier la réponse", "La réponse est publiée", sur="reponsedirection", condition="participation.suites.models.reponses.ReponseDirection.pas_remplacee"),
    "ecarter": Transition(PARTOUT, RIEN, SERVICE, "Ne pas publier cette réponse", "La réponse est écartée", sur="reponsedirection"),
}
# fmt: on
