"""Reference tables of the instances. Members, séances and votes are not here: they have their acts and their journal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest  # noqa: TID251 the type of what the admin hands over

from participation.seances.models import College, Instance, Mandature, Recurrence, ReglementInstance


class SansEffacement(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """What séances, members and journals speak of is closed by a date or made inactive, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Instance)
class InstanceAdmin(SansEffacement):
    list_display = ("nom", "sigle", "cle", "app", "est_publique", "ouvre_le_bureau", "est_active")
    list_filter = ("est_active", "app")
    search_fields = ("nom", "sigle", "cle")

    def get_readonly_fields(self, request: HttpRequest, obj: Instance | None = None) -> tuple[str, ...]:
        """Addresses and feeds that people keep are made of the key."""
        return ("cle",) if obj is not None else ()


@admin.register(ReglementInstance)
class ReglementInstanceAdmin(SansEffacement):
    """A version that a séance was planned under is read; only its last day may still be said."""

    list_display = ("instance", "version", "en_vigueur_du", "en_vigueur_au")
    list_filter = ("instance",)
    list_select_related = ("instance",)

    def get_readonly_fields(
        self, request: HttpRequest, obj: ReglementInstance | None = None
    ) -> tuple[str, ...]:
        if obj is None or not obj.seances.exists():
            return ()
        return tuple(
            champ.name
            for champ in ReglementInstance._meta.fields
            if champ.editable and not champ.primary_key and champ.name != "en_vigueur_au"
        )


class CollegeInline(admin.TabularInline):  # type: ignore[type-arg]
    model = College
    extra = 0
    can_delete = False


@admin.register(Mandature)
class MandatureAdmin(SansEffacement):
    list_display = ("intitule", "instance", "debut", "fin", "installee_le")
    list_filter = ("instance",)
    list_select_related = ("instance",)
    inlines = (CollegeInline,)


@admin.register(Recurrence)
class RecurrenceAdmin(SansEffacement):
    list_display = ("titre", "instance", "mois", "nature", "direction", "est_active")
    list_filter = ("instance", "est_active")
    list_select_related = ("instance", "direction")
    search_fields = ("titre",)
