"""Data of the three screens of a séance: the facilitator's, the member's phone and the projected one."""

from participation.seances.lectures.ecrans.blocs import dossiers_de, horloge
from participation.seances.lectures.ecrans.membres import a_accueillir, voix_du_membre
from participation.seances.lectures.ecrans.seance_en_cours import SeanceEnCours
