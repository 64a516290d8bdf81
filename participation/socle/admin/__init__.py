"""Admin of the reference tables."""

from participation.socle.admin import comptes, referentiel
