"""The tables of reference, as an administrator edits them."""

from participation.socle.admin import comptes, referentiel
