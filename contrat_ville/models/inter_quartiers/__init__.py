"""Inter-quartier budget: budgets and phases, idées and their authors, projets de quartier, forums."""

from contrat_ville.models.inter_quartiers.budgets import Budget, EntreeBudget, Phase, ReglementInterQuartiers
from contrat_ville.models.inter_quartiers.forums import (
    EntreeForum,
    Forum,
    InscriptionForum,
    NoteDeTable,
    TableForum,
)
from contrat_ville.models.inter_quartiers.idees import AuteurIdee, Idee
from contrat_ville.models.inter_quartiers.projets import AvisFaisabilite, JalonProjet, ProjetQuartier
