"""Acts on the actions of aller-vers and their pages."""

from participation.inclusion.aller_vers import actes
from participation.inclusion.models import ActionAllerVers
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[ActionAllerVers]] = pages_de(ActionAllerVers, actes)
NOUVELLE = {"prevoir_aller_vers": PAGES.pop("prevoir_aller_vers")}
