"""Admin of the règlement of the panels. Panels have their own pages."""

from django.contrib import admin

from participation.panels.models import EtapeReglement, ReglementPanels


class EtapeInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = EtapeReglement
    extra = 0


admin.site.register(
    ReglementPanels,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "volontaires_par_place", "taux_reponse"),
    inlines=(EtapeInline,),
)
