"""The dated règlement of the rights of people."""

from django.contrib import admin

from participation.droits.models import ReglementDroits

admin.site.register(
    ReglementDroits,
    list_display=(
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "preuve_jours",
        "copie_jours",
        "courriel_archives",
    ),
)
