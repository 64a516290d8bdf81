"""What the three screens of a séance show, as data: the facilitator's, the member's phone, the projected one."""

from participation.seances.lectures.ecrans.blocs import dossiers_de, horloge
from participation.seances.lectures.ecrans.membres import a_accueillir, voix_du_membre
from participation.seances.lectures.ecrans.seance_en_cours import SeanceEnCours
