"""Who meets, when, about what, and what came of it: the tables of every committee."""

from participation.seances.models.convies import Convie, Inscription
from participation.seances.models.convocations import Convocation, DemandePoint, Envoi, Soutien
from participation.seances.models.deroule import (
    Bulletin,
    Deport,
    Desaccord,
    Emargement,
    Parole,
    Presence,
    VoixCollege,
    Vote,
)
from participation.seances.models.instances import College, Instance, Mandature, ReglementInstance
from participation.seances.models.journal import EntreeInstance
from participation.seances.models.membres import Membre, Profil
from participation.seances.models.points import PieceSeance, Point, PointDossier
from participation.seances.models.proces_verbaux import ProcesVerbal, RemarquePV, VersionPV
from participation.seances.models.programme import Deplacement, Prevision, Recurrence
from participation.seances.models.seances import EntreeSeance, Seance

__all__ = [
    "Bulletin",
    "College",
    "Convie",
    "Convocation",
    "DemandePoint",
    "Deplacement",
    "Deport",
    "Desaccord",
    "Emargement",
    "EntreeInstance",
    "EntreeSeance",
    "Envoi",
    "Inscription",
    "Instance",
    "Mandature",
    "Membre",
    "Parole",
    "PieceSeance",
    "Point",
    "PointDossier",
    "Presence",
    "Prevision",
    "ProcesVerbal",
    "Profil",
    "Recurrence",
    "ReglementInstance",
    "RemarquePV",
    "Seance",
    "Soutien",
    "VersionPV",
    "VoixCollege",
    "Vote",
]
