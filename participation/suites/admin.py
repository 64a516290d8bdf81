"""The règlement of the suites, dated: the one in force rules on the suites added from now on."""

from django.contrib import admin

from participation.suites.models import ReglementSuites

admin.site.register(
    ReglementSuites,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "rappels", "relances", "objectif_jours"),
)
