"""Admin of the reference tables: communes, quartiers, directions, settings of the service, retention of letters."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest  # noqa: TID251 the type of what the admin hands over

from participation.socle.models import (
    AuditAccessibilite,
    Commune,
    Contour,
    DelaiCourriel,
    Direction,
    Quartier,
    ReglagePorte,
    ReglageService,
    ReglementCourriels,
    UneLigne,
)


class QuartierInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Quartier
    fields = ["nom", "code", "population", "annee_population"]
    extra = 0


@admin.register(Commune)
class CommuneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Codes and places are official data. The email address of the town hall is filled in by an agent."""

    list_display = ["nom", "code_insee", "population", "courriel", "a_son_contour"]
    search_fields = ["nom", "code_insee", "cle_tri"]
    readonly_fields = ["code_insee", "a_son_contour"]
    fields = [
        ("nom", "code_insee"),
        "courriel",
        ("population", "siren"),
        "codes_postaux",
        ("longitude", "latitude"),
        ("sigle", "tuile_x", "tuile_y"),
        "a_son_contour",
    ]
    inlines = [QuartierInline]

    @admin.display(description="contour", boolean=True)
    def a_son_contour(self, commune: Commune) -> bool:
        return bool(commune.est_trace)  # type: ignore[attr-defined]  # get_queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commune]:
        traces = Contour.objects.filter(commune=OuterRef("pk"))
        lues: QuerySet[Commune] = super().get_queryset(request).annotate(est_trace=Exists(traces))
        return lues

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Commune | None = None) -> bool:
        return False


admin.site.register(
    Quartier,
    list_display=["nom", "commune", "code", "population", "annee_population"],
    list_filter=[("commune", admin.RelatedOnlyFieldListFilter)],
    list_select_related=["commune"],
    search_fields=["nom", "code", "commune__nom"],
    fields=["nom", "commune", "code", ("population", "annee_population")],
)


class DirectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Direction
        fields = ["nom", "sigle", "courriel", "superieure", "elu", "referents", "est_active"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        superieure = donnees.get("superieure")
        while superieure is not None:
            if superieure.pk == self.instance.pk:
                self.add_error("superieure", "Une direction ne peut pas dépendre d’elle-même.")
                break
            superieure = superieure.superieure
        return donnees


@admin.register(Direction)
class DirectionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Directions are not deleted but made inactive: dossiers keep their name."""

    form = DirectionForm
    list_display = ["nom", "sigle", "courriel", "superieure", "elu", "est_active"]
    list_filter = ["est_active"]
    list_select_related = ["superieure", "elu"]
    search_fields = ["nom", "sigle", "courriel"]
    autocomplete_fields = ["superieure", "elu", "referents"]

    def has_delete_permission(self, request: HttpRequest, obj: Direction | None = None) -> bool:
        return False


@admin.register(ReglageService, ReglagePorte)
class UneLigneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table of one row, which cannot be deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.model._default_manager.exists()

    def has_delete_permission(self, request: HttpRequest, obj: UneLigne | None = None) -> bool:
        return False


@admin.register(AuditAccessibilite)
class AuditAccessibiliteAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The latest audit makes the accessibility statement and the mention of the footer.

    Caches may keep the statement for 10 minutes, the mention for one.
    """

    list_display = ["date", "referentiel", "auditeur", "taux_dit", "mention_dite"]

    @admin.display(description="critères respectés")
    def taux_dit(self, audit: AuditAccessibilite) -> str:
        return f"{audit.taux} %"

    @admin.display(description="mention")
    def mention_dite(self, audit: AuditAccessibilite) -> str:
        return audit.mention


class DelaiCourrielInline(admin.TabularInline):  # type: ignore[type-arg]
    model = DelaiCourriel
    extra = 0


@admin.register(ReglementCourriels)
class ReglementCourrielsAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """How long each kind of letter is kept. The version in force applies to all letters, old ones included."""

    list_display = ["version", "en_vigueur_du", "en_vigueur_au", "jours_codes", "jours"]
    inlines = [DelaiCourrielInline]
