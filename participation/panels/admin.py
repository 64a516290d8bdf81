"""Admin of the règlement of the panels. Panels have their own pages."""

from django.contrib import admin

from participation.panels.models import EtapeReglement, ReglementPanels
from participation.socle.views.reference import Lignes


class EtapeInline(Lignes):
    model = EtapeReglement


admin.site.register(
    ReglementPanels,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "volontaires_par_place", "taux_reponse"),
    inlines=(EtapeInline,),
)
