"""Acts of the inclusion and their pages: actions of aller-vers, tables of paper, orders for needs."""

from participation.inclusion import aller_vers, besoins
from participation.inclusion.models import ActionAllerVers, CommandeDeBesoin, LotPapier
from participation.inclusion.papier import actes as papier
from participation.socle.views.pages import Page, pages_de

PAGES: dict[str, Page[ActionAllerVers]] = pages_de(ActionAllerVers, aller_vers)
NOUVELLE = {"prevoir_aller_vers": PAGES.pop("prevoir_aller_vers")}
DES_LOTS: dict[str, Page[LotPapier]] = pages_de(LotPapier, papier)
NOUVEAU_LOT = {"envoyer_lot": DES_LOTS.pop("envoyer_lot")}
DES_COMMANDES: dict[str, Page[CommandeDeBesoin]] = pages_de(CommandeDeBesoin, besoins)
NOUVELLE_COMMANDE = {"commander": DES_COMMANDES.pop("commander")}
