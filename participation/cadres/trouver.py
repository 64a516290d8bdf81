"""Cadres and their parts by number, as the visitor may see them."""

from participation.cadres.models import Attente, Cadre, Cahier, Evaluateur, Rattachement
from participation.socle.views.trouver import par_numero, par_numero_visible

cadre_du_bureau = par_numero_visible(Cadre, "agent")
rattachement_du_bureau = par_numero(Rattachement, "cadre")
attente_du_bureau = par_numero(Attente, "cadre", "condition")
evaluateur_du_bureau = par_numero(Evaluateur, "cadre")
cahier_du_bureau = par_numero(Cahier, "cadre", "piece")
