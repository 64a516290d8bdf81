"""Models of the commission: services, avis and their text, transmissions, life of the commission."""

from ccspl.models.commission import (
    AbonnementResume,
    DocumentBibliotheque,
    PriseDeNouvelles,
    RapportAnnuel,
    ReglementCommission,
    VersionDocument,
)
from ccspl.models.controle import Controle
from ccspl.models.redaction import (
    Paragraphe,
    PositionMinoritaire,
    Preconisation,
    Proposition,
    Transmission,
    VersionAvis,
)
from ccspl.models.saisines import (
    INSTANCE,
    LA_COMMISSION,
    Avis,
    AvisQuerySet,
    ReunionDuConseil,
    ServiceSuivi,
    siege,
)
