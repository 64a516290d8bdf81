"""The dated règlement of the suites. A suite keeps the règlement in force on the day it was added."""

from django.contrib import admin

from participation.suites.models import ReglementSuites

admin.site.register(
    ReglementSuites,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "rappels", "relances", "objectif_jours"),
)
