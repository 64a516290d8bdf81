"""What the three screens of a séance show, as data: the facilitator's, the member's phone, the projected one."""

from participation.seances.lectures.ecrans.blocs import horloge
from participation.seances.lectures.ecrans.seance_en_cours import (
    SeanceEnCours,
    a_accueillir,
    dossiers_de,
    voix_du_membre,
)

__all__ = ["SeanceEnCours", "a_accueillir", "dossiers_de", "horloge", "voix_du_membre"]
