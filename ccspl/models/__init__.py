from ccspl.models.redaction import (
    Paragraphe,
    PositionMinoritaire,
    Preconisation,
    Proposition,
    Transmission,
    VersionAvis,
)
from ccspl.models.saisines import INSTANCE, Avis, AvisQuerySet, ReunionDuConseil, ServiceSuivi, siege

__all__ = [
    "INSTANCE",
    "Avis",
    "AvisQuerySet",
    "Paragraphe",
    "PositionMinoritaire",
    "Preconisation",
    "Proposition",
    "ReunionDuConseil",
    "ServiceSuivi",
    "Transmission",
    "VersionAvis",
    "siege",
]
