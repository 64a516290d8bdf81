from participation.engagements.models.deliberations import Deliberation, RefusDeDeliberations, Reprise
from participation.engagements.models.etudes import Etude
from participation.engagements.models.promesses import EngagementPris, Indicateur, Principe, Valeur
from participation.engagements.models.propositions import Collectif, Proposition
from participation.engagements.models.reponses import LigneDeReponse, ReponseArgumentee
from participation.engagements.models.temps_forts import Remarque, Tache, TacheType, TempsFort

__all__ = [
    "Collectif",
    "Deliberation",
    "EngagementPris",
    "Etude",
    "Indicateur",
    "LigneDeReponse",
    "Principe",
    "Proposition",
    "RefusDeDeliberations",
    "Remarque",
    "ReponseArgumentee",
    "Reprise",
    "Tache",
    "TacheType",
    "TempsFort",
    "Valeur",
]
