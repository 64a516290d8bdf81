from participation.rencontres.models.deroule import Bloc
from participation.rencontres.models.formats import EntreeFormat, Format
from participation.rencontres.models.inscriptions import Inscription
from participation.rencontres.models.recolte import (
    AuteurDeNote,
    Evaluation,
    Gommette,
    Groupe,
    Note,
    TableRencontre,
)
from participation.rencontres.models.reglement import ReglementRencontres
from participation.rencontres.models.rencontres import Animateur, Rencontre

__all__ = [
    "Animateur", "AuteurDeNote", "Bloc", "EntreeFormat", "Evaluation", "Format", "Gommette", "Groupe", "Inscription",
    "Note", "ReglementRencontres", "Rencontre", "TableRencontre",
]  # fmt: skip
