"""The few questions asked of who took part; états and acts of an action to meet those who do not come."""

from django.db.models import TextChoices

from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class Critere(TextChoices):
    """A question of the declared profile. `REPONSE` is no question: it counts who answered at least one."""

    AGE = "age", "âge"
    GENRE = "genre", "genre"
    COMMUNE = "commune", "commune"
    QPV = "qpv", "quartier prioritaire"
    LANGUE = "langue", "langue parlée le plus souvent"
    AMENAGEMENT = "amenagement", "besoin d’un aménagement"
    REPONSE = "reponse", "a répondu"


class Age(TextChoices):
    """Groups of the census (Insee), so that a share of the population can be written beside."""

    MOINS_DE_15 = "0_14", "moins de 15 ans"
    DE_15 = "15_29", "15 à 29 ans"
    DE_30 = "30_44", "30 à 44 ans"
    DE_45 = "45_59", "45 à 59 ans"
    DE_60 = "60_74", "60 à 74 ans"
    DE_75 = "75_plus", "75 ans et plus"


class Genre(TextChoices):
    FEMME = "femme", "femme"
    HOMME = "homme", "homme"
    AUTRE = "autre", "autre"


class OuiNon(TextChoices):
    OUI = "oui", "oui"
    NON = "non", "non"


class Langue(TextChoices):
    """Those in which the service writes, or means to; « autre » is not detailed."""

    FRANCAIS = "fr", "français"
    ANGLAIS = "en", "anglais"
    ARABE = "ar", "arabe"
    PORTUGAIS = "pt", "portugais"
    TURC = "tr", "turc"
    UKRAINIEN = "uk", "ukrainien"
    AUTRE = "autre", "une autre langue"


# The communes are rows of a table: their values are codes Insee.
VALEURS: dict[str, type[TextChoices]] = {
    Critere.AGE: Age,
    Critere.GENRE: Genre,
    Critere.QPV: OuiNon,
    Critere.LANGUE: Langue,
    Critere.AMENAGEMENT: OuiNon,
}


class EtatAction(TextChoices):
    PREVUE = "prevue", "prévue"
    FAITE = "faite", "faite"
    ANNULEE = "annulee", "annulée"


E = EtatAction
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})

# fmt: off
TRANSITIONS: Table = {
    "prevoir_aller_vers": Transition(etats(E.PREVUE), RIEN, AGENT, "Prévoir une action d’aller-vers", "Action d’aller-vers prévue"),
    "modifier_aller_vers": Transition(etats(E.PREVUE), RIEN, AGENT, "Modifier l’action", "Action modifiée"),
    "raconter_aller_vers": Transition(etats(E.PREVUE), etats(E.FAITE), AGENT, "Dire ce que l’action a donné", "Action faite"),
    "corriger_aller_vers": Transition(etats(E.FAITE), RIEN, AGENT, "Corriger le bilan", "Bilan corrigé"),
    "annuler_aller_vers": Transition(etats(E.PREVUE), etats(E.ANNULEE), AGENT, "Annuler l’action", "Action annulée", est_dangereux=True),
}
APPARENCES: dict[str, Apparence] = {
    E.PREVUE: Apparence(Couleur.INFO, "horloge", "l’équipe va à la rencontre des habitants le {quand}.", {Role.AGENT: "le jour venu, [dites ce que l’action a donné](raconter_aller_vers)."}),
    E.FAITE: Apparence(Couleur.SUCCES, "coche", "le bilan sert à choisir les prochaines actions."),
    E.ANNULEE: Apparence(Couleur.NEUTRE, "croix", "l’action n’aura pas lieu."),
}
# fmt: on
