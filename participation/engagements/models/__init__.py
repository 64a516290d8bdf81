from participation.engagements.models.deliberations import Deliberation
from participation.engagements.models.promesses import EngagementPris, Indicateur, Principe, Valeur
from participation.engagements.models.propositions import Collectif, Proposition
from participation.engagements.models.reponses import LigneDeReponse, ReponseArgumentee
from participation.engagements.models.reprises import Reprise

__all__ = [
    "Collectif",
    "Deliberation",
    "EngagementPris",
    "Indicateur",
    "LigneDeReponse",
    "Principe",
    "Proposition",
    "ReponseArgumentee",
    "Reprise",
    "Valeur",
]
