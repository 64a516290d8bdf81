"""What the commission keeps: services, avis and their text, what was sent, its life."""

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
from ccspl.models.vie import (
    AbonnementResume,
    DocumentBibliotheque,
    PriseDeNouvelles,
    RapportAnnuel,
    ReglementCommission,
    VersionDocument,
)
