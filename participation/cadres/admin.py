"""Admin of the règlement of the cadres and of the conditions of each level, and criteria of evaluation. Cadres have their own pages."""

from django.contrib import admin

from participation.cadres.models import Condition, Critere, ReglementCadres

admin.site.register(
    ReglementCadres, list_display=("version", "en_vigueur_du", "en_vigueur_au", "rappels", "relances")
)
admin.site.register(
    Condition,
    list_display=("niveau", "ordre", "attente", "en_vigueur_du", "en_vigueur_au"),
    list_filter=("niveau",),
)
admin.site.register(Critere, list_display=("ordre", "libelle", "source", "est_actif"))
