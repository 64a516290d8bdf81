"""What is kept of the cadres of the démarches."""

from participation.cadres.models.cadres import Attente, Cadre, Rattachement
from participation.cadres.models.cahiers import Cahier
from participation.cadres.models.evaluations import Critere, Evaluateur, NoteDeCritere
from participation.cadres.models.reglement import Condition, ReglementCadres

__all__ = [
    "Attente",
    "Cadre",
    "Cahier",
    "Condition",
    "Critere",
    "Evaluateur",
    "NoteDeCritere",
    "Rattachement",
    "ReglementCadres",
]
