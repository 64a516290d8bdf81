"""The séance as data, its first text, and both laid out for a reader: what a procès-verbal is made of."""

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
