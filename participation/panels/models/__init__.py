from participation.panels.models.communes import PartDeCommune, TirageDesCommunes
from participation.panels.models.inscriptions import (
    AdresseInvitee,
    Appel,
    ImportDAdresses,
    Inscription,
    PageInscription,
    RefusAdresse,
    ReponseQuestionnaire,
)
from participation.panels.models.marches import Commande, LotDeMarche, Marche
from participation.panels.models.panels import Equipier, Panel, Strate
from participation.panels.models.recommandations import PlanDeTables, Recommandation
from participation.panels.models.reglement import EtapeReglement, ReglementPanels
