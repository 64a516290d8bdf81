from participation.rencontres.models.formats import EntreeFormat, Format, ReglementRencontres
from participation.rencontres.models.inscriptions import Inscription
from participation.rencontres.models.recolte import (
    AuteurDeNote,
    Evaluation,
    Gommette,
    Groupe,
    Note,
    TableRencontre,
)
from participation.rencontres.models.rencontres import Animateur, Bloc, Rencontre

__all__ = [
    "Animateur", "AuteurDeNote", "Bloc", "EntreeFormat", "Evaluation", "Format", "Gommette", "Groupe", "Inscription",
    "Note", "ReglementRencontres", "Rencontre", "TableRencontre",
]  # fmt: skip
