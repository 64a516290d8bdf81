"""Vote of a budget of the quartiers: its états and the table of its acts, from preparation to publication."""

from django.db.models import TextChoices

from participation.socle.langues import plus_tard as _
from participation.socle.workflow import Apparence, Couleur, Role, Table, Transition, etats


class EtatScrutin(TextChoices):
    PREPARATION = "preparation", _("en préparation")
    OUVERT = "ouvert", _("ouvert")
    FERME = "ferme", _("clos, à dépouiller")
    DEPOUILLE = "depouille", _("dépouillé, à publier")
    PUBLIE = "publie", _("résultats publiés")
    ANNULE = "annule", _("annulé")


class ModeVote(TextChoices):
    APPROBATION = "approbation", "choisir des projets, sans les classer"
    POINTS = "points", "donner des points"


class NatureLot(TextChoices):
    FEUILLES = "feuilles", "feuilles à découper"
    LETTRES = "lettres", "lettres à poster"
    COURRIELS = "courriels", "courriels"
    SMS = "sms", "SMS"
    ACCUEIL = "accueil", "codes remis à l’accueil"


class EtatLot(TextChoices):
    A_FAIRE = "a_faire", "en préparation"
    PRET = "pret", "prêt"
    REMIS = "remis", "remis, fichier effacé"
    REVOQUE = "revoque", "révoqué"
    ECHEC = "echec", "en échec"


S = EtatScrutin
AGENT = frozenset({Role.AGENT})
ACCUEIL = frozenset({Role.AGENT, Role.ACCUEIL})
SYSTEME = frozenset({Role.SYSTEME})
RIEN: frozenset[str] = frozenset()
VIVANTS = etats(S.PREPARATION, S.OUVERT, S.FERME, S.DEPOUILLE)
# The rule of the vote is frozen, and public.
SCRUTINS_PUBLICS = etats(S.OUVERT, S.FERME, S.DEPOUILLE, S.PUBLIE)
AVEC_CODES = etats(S.PREPARATION, S.OUVERT)

# fmt: off
TRANSITIONS_DU_SCRUTIN: Table = {
    "preparer_scrutin": Transition(etats(S.PREPARATION), RIEN, AGENT, "Préparer le vote", "Vote préparé"),
    "regler_scrutin": Transition(etats(S.PREPARATION), RIEN, AGENT, "Régler le vote", "Règles du vote changées"),
    "declarer_incompatibles": Transition(etats(S.PREPARATION), RIEN, AGENT, "Déclarer deux projets incompatibles", "Deux projets déclarés incompatibles"),
    "lever_incompatibilite": Transition(etats(S.PREPARATION), RIEN, AGENT, "Retirer l’incompatibilité", "Incompatibilité retirée", sur="incompatibilite"),
    "creer_lot": Transition(AVEC_CODES, RIEN, AGENT, "Faire des codes", "Codes demandés"),
    "imprimer_codes": Transition(VIVANTS, RIEN, AGENT, "Ouvrir les codes, pour les imprimer", "Codes ouverts pour être imprimés", sur="lotdecodes"),
    "remettre_lot": Transition(VIVANTS, RIEN, AGENT, "Effacer le fichier des codes", "Fichier des codes effacé", sur="lotdecodes"),
    "revoquer_lot": Transition(AVEC_CODES, RIEN, AGENT, "Révoquer tout le lot", "Lot de codes révoqué", sur="lotdecodes", est_dangereux=True),
    "revoquer_code": Transition(AVEC_CODES, RIEN, AGENT, "Révoquer un code perdu", "Code révoqué"),
    "remettre_code": Transition(etats(S.OUVERT), RIEN, ACCUEIL, "Remettre un code à une personne", "Code remis à l’accueil", condition="participation.budgets.models.scrutins.Scrutin.avant_de_remettre"),
    "emarger_papier": Transition(etats(S.OUVERT), RIEN, ACCUEIL, "Donner un bulletin papier", "Bulletin papier donné contre un code"),
    "ouvrir_scrutin": Transition(etats(S.PREPARATION), etats(S.OUVERT), AGENT, "Ouvrir le vote", "Vote ouvert", est_public=True, condition="participation.budgets.models.scrutins.Scrutin.avant_d_ouvrir"),
    "prolonger_scrutin": Transition(etats(S.OUVERT), RIEN, AGENT, "Reprendre les dates de la phase", "Dernier jour du vote changé", est_public=True, si_possible=True, condition="participation.budgets.models.scrutins.Scrutin.avant_de_prolonger"),
    "fermer_scrutin": Transition(etats(S.OUVERT), etats(S.FERME), AGENT | SYSTEME, "Clore le vote", "Vote clos", est_public=True, est_dangereux=True, si_possible=True, condition="participation.budgets.models.scrutins.Scrutin.avant_de_fermer"),
    "saisir_papier": Transition(etats(S.FERME), RIEN, ACCUEIL, "Saisir un bulletin papier", "Bulletin papier saisi"),
    "trancher_papier": Transition(etats(S.FERME), RIEN, AGENT, "Trancher la différence", "Différence tranchée sur un bulletin papier", sur="bulletinpapier"),
    "retirer_papier": Transition(etats(S.FERME), RIEN, AGENT, "Retirer une saisie", "Saisie d’un bulletin papier retirée", est_dangereux=True),
    "depouiller_scrutin": Transition(etats(S.FERME), RIEN, AGENT, "Dépouiller", "Dépouillement lancé", condition="participation.budgets.models.scrutins.Scrutin.avant_de_depouiller"),
    "enregistrer_depouillement": Transition(etats(S.FERME), etats(S.DEPOUILLE), SYSTEME, "Enregistrer le dépouillement", "Dépouillement fait"),
    "reprendre_depouillement": Transition(etats(S.DEPOUILLE), etats(S.FERME), AGENT, "Reprendre le dépouillement", "Dépouillement repris", est_dangereux=True),
    "deroger": Transition(etats(S.DEPOUILLE), RIEN, AGENT, "S’écarter du résultat", "Écart décidé", est_dangereux=True),
    "lever_derogation": Transition(etats(S.DEPOUILLE), RIEN, AGENT, "Retirer l’écart", "Écart retiré", sur="derogation"),
    "publier_resultats": Transition(etats(S.DEPOUILLE), etats(S.PUBLIE), AGENT, "Publier les résultats", "Résultats publiés", est_public=True),
    "annuler_scrutin": Transition(etats(S.PREPARATION, S.OUVERT, S.FERME, S.DEPOUILLE), etats(S.ANNULE), AGENT, "Annuler le vote", "Vote annulé", est_public=True, est_dangereux=True),
}

APPARENCES_DU_SCRUTIN: dict[str, Apparence] = {
    S.PREPARATION: Apparence(Couleur.INFO, "document", "le vote ouvre le premier jour de sa phase.", {Role.AGENT: "[réglez le vote](regler_scrutin) et [faites les codes](creer_lot), puis [ouvrez-le](ouvrir_scrutin)."}),
    S.OUVERT: Apparence(Couleur.ACCENT, "main", "on vote jusqu’au {fin} ; rien n’est compté avant."),
    S.FERME: Apparence(Couleur.ATTENTION, "horloge", "les bulletins papier sont saisis, puis le vote est dépouillé.", {Role.AGENT: "faites [saisir les bulletins papier](saisir_papier) par deux personnes, puis [dépouillez](depouiller_scrutin)."}),
    S.DEPOUILLE: Apparence(Couleur.ATTENTION, "document", "les résultats sont publiés.", {Role.AGENT: "relisez le résultat, puis [publiez-le](publier_resultats)."}),
    S.PUBLIE: Apparence(Couleur.SUCCES, "coche", "les projets lauréats sont réalisés."),
    S.ANNULE: Apparence(Couleur.NEUTRE, "croix", "ce vote ne compte pas ; la raison est publique."),
}
# fmt: on
