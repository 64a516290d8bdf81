"""Tables of every instance: members, séances, points, votes, procès-verbaux."""

from participation.seances.models.convies import Convie, Inscription, Invite
from participation.seances.models.convocations import Convocation, DemandePoint, Envoi, Soutien
from participation.seances.models.deroule import Deport, Desaccord, Parole, Presence
from participation.seances.models.elections import Designation, Election, Position
from participation.seances.models.instances import College, Instance, Mandature, ReglementInstance
from participation.seances.models.membres import Membre, Profil, instances_ou_siege
from participation.seances.models.points import PieceSeance, Point, PointDossier
from participation.seances.models.proces_verbaux import ProcesVerbal, RemarquePV, VersionPV
from participation.seances.models.programme import Deplacement, Prevision, Recurrence
from participation.seances.models.seances import EntreeInstance, EntreeSeance, Seance, SeanceQuerySet
from participation.seances.models.votes import (
    Bulletin,
    ComptePapier,
    DemandeSecret,
    Emargement,
    VoixCollege,
    Vote,
)
