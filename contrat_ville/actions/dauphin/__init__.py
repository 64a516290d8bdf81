from contrat_ville.actions.dauphin.application import importer_projet
from contrat_ville.actions.dauphin.examen import candidats_du_dossier
from contrat_ville.actions.dauphin.fichiers import (
    abandonner_import,
    choisir_dossier,
    envoye_avant,
    lancer_application,
    ouvrir_import,
    relier_colonnes,
)
from contrat_ville.actions.dauphin.tour import TACHE, avancer_import, reprendre_les_imports
