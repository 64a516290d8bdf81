"""États of a projet and of a programmation, sets of états, and roles, for the Contrat de Ville."""

from django.db.models import TextChoices

from participation.socle.workflow import Role, etats


class Etat(TextChoices):
    BROUILLON = "brouillon", "brouillon"
    DEPOSE = "depose", "déposé, recevabilité à vérifier"
    INSTRUCTION = "instruction", "en instruction"
    PROPOSE = "propose", "proposé au comité de pilotage"
    AJOURNE = "ajourne", "ajourné"
    RETENU = "retenu", "retenu, à conventionner"
    SOUS_RESERVE = "sous_reserve", "retenu sous réserve"
    REFUSE = "refuse", "non retenu"
    IRRECEVABLE = "irrecevable", "irrecevable"
    RETIRE = "retire", "retiré par son porteur"
    CONVENTIONNE = "conventionne", "conventionné"
    EN_COURS = "en_cours", "en cours"
    BILAN_ATTENDU = "bilan_attendu", "bilan attendu"
    EVALUE = "evalue", "bilan reçu"
    CLOS = "clos", "clos"


class EtatProgrammation(TextChoices):
    PREPAREE = "preparee", "en préparation"
    OUVERTE = "ouverte", "appel à projets ouvert"
    INSTRUCTION = "instruction", "projets en instruction"
    PROGRAMMEE = "programmee", "programmation arrêtée"
    CLOSE = "close", "close"


class Sens(TextChoices):
    DEPENSE = "depense", "dépense"
    RECETTE = "recette", "recette"


class AvisTechnique(TextChoices):
    """Opinion of the comité technique. The comité de pilotage alone decides."""

    FAVORABLE = "favorable", "favorable"
    DEFAVORABLE = "defavorable", "défavorable"


class Etape(TextChoices):
    """Stage of the grid: whether the projet is recevable, then its merits."""

    RECEVABILITE = "recevabilite", "recevabilité"
    MERITE = "merite", "intérêt du projet"


E, P = Etat, EtatProgrammation
BROUILLON = etats(E.BROUILLON)
# Filed and not decided yet.
EN_EXAMEN = etats(E.DEPOSE, E.INSTRUCTION, E.PROPOSE, E.AJOURNE)
# The instructors work on it, and may ask its team to complete it.
A_INSTRUIRE = etats(E.DEPOSE, E.INSTRUCTION, E.AJOURNE)
# Decided. The team is told when the letter leaves, not before.
RETENUS = etats(E.RETENU, E.SOUS_RESERVE)
DECIDES = RETENUS | etats(E.REFUSE, E.IRRECEVABLE)
# Supported projets, from the decision to the bilan received.
ACCOMPAGNES = RETENUS | etats(E.CONVENTIONNE, E.EN_COURS, E.BILAN_ATTENDU, E.EVALUE)
TERMINAUX = etats(E.REFUSE, E.IRRECEVABLE, E.RETIRE, E.CLOS)
VIVANTS = frozenset(E.values) - TERMINAUX - BROUILLON
PUBLIABLES = ACCOMPAGNES | etats(E.CLOS)

AGENT = frozenset({Role.AGENT})
# A member of the team of the projet.
PORTEUR = frozenset({Role.AUTEUR})
SYSTEME = frozenset({Role.SYSTEME})
RIEN: frozenset[str] = frozenset()
