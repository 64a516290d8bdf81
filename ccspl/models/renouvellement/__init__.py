"""The renewal of the commission: campaigns, candidatures, the work of the comité de sélection."""

from ccspl.models.renouvellement.campagne import (
    Campagne,
    CollegeCampagne,
    CritereCampagne,
    EntreeCampagne,
    EtapeInstallation,
    PartReference,
    QuestionCampagne,
)
from ccspl.models.renouvellement.candidature import Bordereau, Candidature
from ccspl.models.renouvellement.selection import Lecture, Note, Relecteur

__all__ = [
    "Bordereau",
    "Campagne",
    "Candidature",
    "CollegeCampagne",
    "CritereCampagne",
    "EntreeCampagne",
    "EtapeInstallation",
    "Lecture",
    "Note",
    "PartReference",
    "QuestionCampagne",
    "Relecteur",
]
