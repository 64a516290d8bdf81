"""The few questions asked of who took part; états and acts of an action to meet those who do not come."""

from django.db.models import TextChoices

from participation.socle.langues import plus_tard as _
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

    MOINS_DE_15 = "0_14", _("moins de 15 ans")
    DE_15 = "15_29", _("15 à 29 ans")
    DE_30 = "30_44", _("30 à 44 ans")
    DE_45 = "45_59", _("45 à 59 ans")
    DE_60 = "60_74", _("60 à 74 ans")
    DE_75 = "75_plus", _("75 ans et plus")


class Genre(TextChoices):
    FEMME = "femme", _("femme")
    HOMME = "homme", _("homme")
    AUTRE = "autre", _("autre")


class OuiNon(TextChoices):
    OUI = "oui", _("oui")
    NON = "non", _("non")


class Langue(TextChoices):
    """Those in which the service writes, or means to; « autre » is not detailed."""

    FRANCAIS = "fr", _("français")
    ANGLAIS = "en", _("anglais")
    ARABE = "ar", _("arabe")
    PORTUGAIS = "pt", _("portugais")
    TURC = "tr", _("turc")
    UKRAINIEN = "uk", _("ukrainien")
    AUTRE = "autre", _("une autre langue")


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


class EtatLot(TextChoices):
    A_LIRE = "a_lire", "lecture du fichier"
    A_APPROUVER = "a_approuver", "à approuver"
    CLOS = "clos", "clos"
    ILLISIBLE = "illisible", "refusé"
    ANNULE = "annule", "annulé"


class EtatCommande(TextChoices):
    COMMANDEE = "commandee", "commandée"
    CONFIRMEE = "confirmee", "confirmée"
    ANNULEE = "annulee", "annulée"


class EtatLigne(TextChoices):
    A_VOIR = "a_voir", "à voir"
    RETENUE = "retenue", "retenue"
    REFUSEE = "refusee", "refusée"
    EN_FAUTE = "en_faute", "en faute"


E = EtatAction
RIEN: frozenset[str] = frozenset()
AGENT = frozenset({Role.AGENT})
SYSTEME = frozenset({Role.SYSTEME})

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

C = EtatCommande
ACTES_DES_COMMANDES: Table = {
    "commander": Transition(etats(C.COMMANDEE), RIEN, AGENT, "Commander pour un besoin", "Commande passée"),
    "confirmer_commande": Transition(etats(C.COMMANDEE), etats(C.CONFIRMEE), AGENT | SYSTEME, "Confirmer la commande", "Commande confirmée", par_lien=True),
    "annuler_commande": Transition(etats(C.COMMANDEE, C.CONFIRMEE), etats(C.ANNULEE), AGENT, "Annuler la commande", "Commande annulée", est_dangereux=True),
}
APPARENCES_DES_COMMANDES: dict[str, Apparence] = {
    C.COMMANDEE: Apparence(Couleur.INFO, "horloge", "le prestataire confirme avant le {quand}.", {Role.AGENT: "il l’a dit au téléphone ? [Confirmez](confirmer_commande) pour lui."}),
    C.CONFIRMEE: Apparence(Couleur.SUCCES, "coche", "le prestataire vient le {quand}."),
    C.ANNULEE: Apparence(Couleur.NEUTRE, "croix", "rien n’est commandé."),
}

L = EtatLot
ACTES_DES_LOTS: Table = {
    "envoyer_lot": Transition(etats(L.A_LIRE), RIEN, AGENT, "Envoyer un lot de papier", "Lot de papier envoyé"),
    "ouvrir_lot": Transition(etats(L.A_LIRE), etats(L.A_APPROUVER), SYSTEME, "Lire le lot", "Lot lu"),
    "ecarter_lot": Transition(etats(L.A_LIRE), etats(L.ILLISIBLE), SYSTEME, "Refuser le fichier", "Fichier refusé"),
    "retenir_lignes": Transition(etats(L.A_APPROUVER), RIEN, AGENT, "Retenir des lignes", "Lignes retenues", si_possible=True, condition="participation.inclusion.models.lignes_a_voir"),
    "refuser_lignes": Transition(etats(L.A_APPROUVER), RIEN, AGENT, "Refuser des lignes", "Lignes refusées", si_possible=True, condition="participation.inclusion.models.lignes_a_voir"),
    "clore_lot": Transition(etats(L.A_APPROUVER), etats(L.CLOS), AGENT, "Clore le lot", "Lot clos", si_possible=True, condition="participation.inclusion.models.lignes_vues"),
    "annuler_lot": Transition(etats(L.A_APPROUVER), etats(L.ANNULE), AGENT, "Annuler le lot", "Lot annulé", est_dangereux=True, condition="participation.inclusion.models.rien_de_retenu"),
}
APPARENCES_DES_LOTS: dict[str, Apparence] = {
    L.A_LIRE: Apparence(Couleur.INFO, "horloge", "le site lit le fichier."),
    L.A_APPROUVER: Apparence(Couleur.ATTENTION, "alerte", "rien ne compte avant d’être retenu.", {Role.AGENT: "papier en main, [retenez](retenir_lignes) ou [refusez](refuser_lignes) chaque ligne."}),
    L.CLOS: Apparence(Couleur.SUCCES, "coche", "chaque ligne a été retenue ou refusée."),
    L.ILLISIBLE: Apparence(Couleur.ERREUR, "croix", "rien n’a été enregistré : corrigez le fichier et envoyez-le de nouveau."),
    L.ANNULE: Apparence(Couleur.NEUTRE, "croix", "rien n’a été enregistré."),
}
# fmt: on
