"""Admin of the règlement of the budgets. Models with a journal have their own pages."""

from django.contrib import admin

from participation.budgets.models import ReglementInterQuartiers

admin.site.register(
    ReglementInterQuartiers,
    list_display=(
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "delai_lecture_jours",
        "delai_etude_jours",
        "conservation_auteurs_mois",
        "conservation_forum_jours",
    ),
)
