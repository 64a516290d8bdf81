from remontees.models.attributions import Attribution
from remontees.models.boites import Boite, CourrielRecu
from remontees.models.imports import ColonnesReliees, Import, LigneRejetee
from remontees.models.messages import Message, Satisfaction
from remontees.models.open311 import ClientOpen311, DepotOpen311
from remontees.models.receptions import Rapporteur, Reception
from remontees.models.referentiel import (
    Apprentissage,
    Categorie,
    ChangementDeRegle,
    ModeleDeReponse,
    Organisme,
    RegleDeRoutage,
    ReglementRemontees,
)
from remontees.models.remontees import Remontee
from remontees.models.sujets import Sujet
