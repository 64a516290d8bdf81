"""The tables of reference, as an administrator edits them."""

from participation.socle.admin.comptes import CompteAdmin

__all__ = ["CompteAdmin"]
