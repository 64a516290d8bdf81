"""Reference tables of the commission: services, dates of the council, rules of its figures and report."""

from django.contrib import admin

from ccspl.models import ReglementCommission, ReunionDuConseil, ServiceSuivi

admin.site.register(
    ServiceSuivi,
    list_display=("nom", "domaine", "gestion", "exploitant", "direction", "a_un_rapport_annuel", "est_actif"),
    list_filter=("gestion", "a_un_rapport_annuel", "est_actif", "domaine"),
    search_fields=("nom", "exploitant"),
)
admin.site.register(
    ReunionDuConseil,
    list_display=("intitule", "nature", "date", "lieu"),
    list_filter=("nature",),
    date_hierarchy="date",
)
admin.site.register(
    ReglementCommission,
    list_display=(
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "rapport_mois",
        "rapport_jour",
        "secret_statistique",
    ),
)
