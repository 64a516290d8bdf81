"""The dated règlement of the profile, and the shares of the real population with their source."""

from django.contrib import admin

from participation.inclusion.models import PartDePopulation, ReglementInclusion

admin.site.register(
    ReglementInclusion,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "plus_petit", "jours_pour_repondre"),
)
admin.site.register(
    PartDePopulation,
    list_display=("critere", "groupe", "pourcent", "source", "annee"),
    list_filter=("critere",),
)
