"""Renewal of an instance: campaigns, candidatures, work of the comité de sélection."""

from participation.renouvellement.models.campagne import Campagne, EntreeCampagne, EtapeInstallation
from participation.renouvellement.models.candidature import Bordereau, Candidature
from participation.renouvellement.models.regles import (
    CollegeCampagne,
    CritereCampagne,
    PartReference,
    QuestionCampagne,
)
from participation.renouvellement.models.selection import Lecture, Note, Relecteur
