"""What is kept of the rights of people, and of what is eliminated."""

from participation.droits.models.bordereaux import Bordereau, EntreeBordereau, LigneBordereau, sans_visa
from participation.droits.models.personnes import DemandeDroit, EntreeDroit, copie_gardee
from participation.droits.models.reglement import ReglementDroits
