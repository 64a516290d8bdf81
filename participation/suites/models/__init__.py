from participation.suites.models.abonnements import Abonnement
from participation.suites.models.reponses import ChangementSuite, Preuve, ReponseDirection
from participation.suites.models.suites import ReglementSuites, Suite, directions_de, reponse_en_retard
from participation.suites.models.suspensions import SuspensionSuite
from participation.suites.models.verdicts import Sollicitation, Verdict
