"""Budgets and their phases, idées and their authors, projets, forums; the vote: scrutin, codes, ballots, counts."""

from participation.budgets.models.budgets import Budget, EntreeBudget, Phase, ReglementInterQuartiers
from participation.budgets.models.bulletins import NUL, BulletinPapier, BulletinVote
from participation.budgets.models.codes import LOT_MAX, AdresseServie, Code, LotDeCodes
from participation.budgets.models.depouillements import Depouillement, Derogation
from participation.budgets.models.forums import (
    EntreeForum,
    Forum,
    InscriptionForum,
    NoteDeTable,
    TableForum,
    TraductionForum,
)
from participation.budgets.models.idees import AuteurIdee, Idee
from participation.budgets.models.projets import AvisFaisabilite, JalonProjet, ProjetQuartier
from participation.budgets.models.scrutins import EntreeScrutin, Incompatibilite, ProjetAuVote, Scrutin
