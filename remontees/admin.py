"""Reference tables of the remontées: categories, outside bodies, routing, delays."""

from django.contrib import admin

from remontees.models import Categorie, Organisme, RegleDeRoutage, ReglementRemontees


@admin.register(Categorie)
class CategorieAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ("nom", "parent", "direction", "est_metropolitaine", "organisme", "ordre", "est_active")
    list_filter = ("est_active", "est_metropolitaine", "parent")
    search_fields = ("nom", "code", "description")


@admin.register(Organisme)
class OrganismeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("nom", "nature", "commune", "courriel", "est_actif")
    list_filter = ("nature", "est_actif")
    search_fields = ("nom",)


@admin.register(RegleDeRoutage)
class RegleDeRoutageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("ordre", "categorie", "commune", "quartier", "canal", "delai_jours", "est_active")
    list_filter = ("est_active", "canal")
    filter_horizontal = ("directions",)


@admin.register(ReglementRemontees)
class ReglementRemonteesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "version",
        "en_vigueur_du",
        "en_vigueur_au",
        "delai_tri_jours",
        "delai_service_jours",
        "delai_reponse_jours",
    )
