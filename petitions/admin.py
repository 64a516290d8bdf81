"""Reference tables of the pétitions.

A règlement that applies to a filed pétition is read-only: add a version.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest  # noqa: TID251 the type of what the admin hands over

from participation.socle.admin.referentiel import UneLigneAdmin
from participation.socle.views.reference import Lignes, Table
from petitions.models import (
    Critere,
    DomaineSurveille,
    MotifIrrecevabilite,
    Petition,
    ReglageFraude,
    ReglageInvitations,
    ReglementPetition,
    ReseauConnu,
    Seuil,
)


def applique(reglement: ReglementPetition | None) -> bool:
    """Whether the règlement applies to a pétition already filed. Changing it would break promises made."""
    return (
        reglement is not None
        and Petition.objects.filter(reglement=reglement, deposee_le__isnull=False).exists()
    )


class FigeeAvecReglement(Lignes):
    def has_change_permission(self, request: HttpRequest, obj: ReglementPetition | None = None) -> bool:
        return not applique(obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: ReglementPetition | None = None) -> bool:
        return not applique(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: ReglementPetition | None = None) -> bool:
        return not applique(obj) and super().has_delete_permission(request, obj)


class CritereInline(FigeeAvecReglement):
    model = Critere


class SeuilInline(FigeeAvecReglement):
    model = Seuil


@admin.register(ReglementPetition)
class ReglementPetitionAdmin(Table):
    list_display = ("version", "en_vigueur_du", "en_vigueur_au", "copetitionnaires_requis")
    inlines = (CritereInline, SeuilInline)

    def get_readonly_fields(self, request: HttpRequest, obj: ReglementPetition | None = None) -> Any:
        """Once the règlement applies to a pétition, only its last day may be set, so that a new version can
        follow."""
        if not applique(obj):
            return ()
        return tuple(
            champ.name
            for champ in ReglementPetition._meta.fields
            if champ.editable and not champ.primary_key and champ.name != "en_vigueur_au"
        )

    def has_delete_permission(self, request: HttpRequest, obj: ReglementPetition | None = None) -> bool:
        return not applique(obj) and super().has_delete_permission(request, obj)


admin.site.register(
    MotifIrrecevabilite,
    list_display=("libelle", "code", "masque_le_texte", "est_actif"),
    list_filter=("est_actif",),
)


admin.site.register([ReglageFraude, ReglageInvitations], UneLigneAdmin)
admin.site.register(ReseauConnu, list_display=("libelle", "plage"))
admin.site.register(DomaineSurveille, list_display=("domaine", "regle"), list_filter=("regle",))
