"""Admin of the règlements. Instances, members, séances and votes change only by acts, with a journal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest  # noqa: TID251 the type of what the admin hands over

from participation.seances.models import ReglementInstance
from participation.socle.views.reference import Table


@admin.register(ReglementInstance)
class ReglementInstanceAdmin(Table):
    """Once a séance uses a version, only its last day may be changed. No version can be deleted."""

    list_display = ("instance", "version", "en_vigueur_du", "en_vigueur_au")
    list_filter = ("instance",)
    list_select_related = ("instance",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
