"""Admin of the reference tables: categories, outside bodies, règlement.

Routing rules and models of answers have their own pages, which keep their history.
"""

from django.contrib import admin

from remontees.models import Categorie, Organisme, ReglementRemontees

admin.site.register(
    Categorie,
    list_display=("nom", "parent", "direction", "est_metropolitaine", "organisme", "ordre", "est_active"),
    list_filter=("est_active", "est_metropolitaine", ("parent", admin.RelatedOnlyFieldListFilter)),
    search_fields=("nom", "code", "description"),
)
admin.site.register(
    Organisme,
    list_display=("nom", "nature", "commune", "courriel", "est_actif"),
    list_filter=("nature", "est_actif"),
    search_fields=("nom",),
)
admin.site.register(
    ReglementRemontees,
    list_display=("version", "en_vigueur_du", "en_vigueur_au", "delai_tri_jours", "delai_service_jours"),
)
