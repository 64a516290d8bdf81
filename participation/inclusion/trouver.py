"""Actions of aller-vers by number, as the visitor may see them."""

from participation.inclusion.models import ActionAllerVers
from participation.socle.views.trouver import par_numero_visible

action_du_bureau = par_numero_visible(ActionAllerVers)
