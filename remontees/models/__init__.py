from remontees.models.attributions import Attribution
from remontees.models.boites import Boite, CourrielRecu
from remontees.models.imports import ColonnesReliees, Import, LigneRejetee
from remontees.models.messages import Message
from remontees.models.modeles import ModeleDeReponse
from remontees.models.open311 import ClientOpen311, DepotOpen311
from remontees.models.receptions import Rapporteur, Reception
from remontees.models.referentiel import Categorie, Organisme, RegleDeRoutage, ReglementRemontees
from remontees.models.remontees import Remontee
from remontees.models.satisfaction import Satisfaction
from remontees.models.sujets import Sujet
from remontees.models.tri import Apprentissage, ChangementDeRegle
