"""Admin of the règlement of the rencontres. Rencontres and formats have their own pages."""

from django.contrib import admin

from participation.rencontres.models import ReglementRencontres

admin.site.register(
    ReglementRencontres,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "offre_jours", "rappels_jours"),
)
