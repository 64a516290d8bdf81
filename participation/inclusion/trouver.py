"""Actions of aller-vers and tables of paper by number, as the visitor may see them."""

from participation.inclusion.models import ActionAllerVers, CommandeDeBesoin, LotPapier
from participation.socle.views.trouver import par_numero_visible

action_du_bureau = par_numero_visible(ActionAllerVers)
lot_du_bureau = par_numero_visible(LotPapier)
commande_du_bureau = par_numero_visible(CommandeDeBesoin)
