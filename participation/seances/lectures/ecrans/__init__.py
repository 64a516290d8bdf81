"""What the three screens of a séance show, as data: the facilitator's, the member's phone, the projected one."""

from participation.seances.lectures.ecrans.blocs import horloge
from participation.seances.lectures.ecrans.lecture import Lecture, a_accueillir, dossiers_de, voix_du_membre

__all__ = ["Lecture", "a_accueillir", "dossiers_de", "horloge", "voix_du_membre"]
