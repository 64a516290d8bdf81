"""The tables of reference, as an administrator edits them."""

from participation.socle.admin.comptes import CompteAdmin
from participation.socle.admin.referentiel import (
    AuditAccessibiliteAdmin,
    CommuneAdmin,
    DirectionAdmin,
    QuartierAdmin,
    ReglageServiceAdmin,
    ReglementCourrielsAdmin,
)

__all__ = [
    "AuditAccessibiliteAdmin",
    "CommuneAdmin",
    "CompteAdmin",
    "DirectionAdmin",
    "QuartierAdmin",
    "ReglageServiceAdmin",
    "ReglementCourrielsAdmin",
]
