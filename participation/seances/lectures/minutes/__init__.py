"""Content of a procès-verbal: the data of the séance, the text, and both laid out."""

from participation.seances.lectures.minutes.mise_en_page import presenter, presenter_feuille
from participation.seances.lectures.minutes.releve import FORMAT, donnees, pour_le_public
from participation.seances.lectures.minutes.texte import (
    FIN,
    OUVERTURE,
    en_html,
    nettoyer,
    parties,
    premier_texte,
    sans_balises,
)
