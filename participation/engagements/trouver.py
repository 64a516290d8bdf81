"""Engagements by number, as the visitor may see them."""

from participation.engagements.models import EngagementPris, Indicateur
from participation.socle.views.trouver import par_numero, par_numero_visible

engagement_du_bureau = par_numero_visible(EngagementPris, "principe", "direction", "agent")
indicateur_du_bureau = par_numero(Indicateur, "engagement")
