from participation.rencontres.models.formats import EntreeFormat, Format
from participation.rencontres.models.inscriptions import Inscription
from participation.rencontres.models.reglement import ReglementRencontres
from participation.rencontres.models.rencontres import Animateur, Rencontre

__all__ = ["Animateur", "EntreeFormat", "Format", "Inscription", "ReglementRencontres", "Rencontre"]
