"""The reference tables, one mechanism for all: list, row, history of the admin; what serves is not deleted."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from participation.socle.models.reglements import Reglement

DES_BIBLIOTHEQUES = ("django.", "allauth.")
MONTRES = 20  # of each kind, among those that use a row


class Table(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Table of the reference. Foreign keys protect what they name: Django says so. Here, what relations of many name."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[Any]]:
        supprimes, nombres, manquent, proteges = super().get_deleted_objects(objs, request)
        return supprimes, nombres, manquent, [*proteges, *usages(list(objs))]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A version of the rules that has come into force is kept: what opened under it stays under it."""
        if isinstance(obj, Reglement) and obj.en_vigueur_du <= timezone.localdate():
            return False
        return super().has_delete_permission(request, obj)


def usages(objets: Sequence[Model]) -> Iterable[str]:
    """Yield what names these rows in a relation of many: to delete them would take them out of it without a word."""
    for relation in objets[0]._meta.related_objects if objets else ():
        if relation.many_to_many:
            modele: Any = relation.related_model
            qui = modele._base_manager.filter(**{f"{relation.field.name}__in": objets}).distinct()
            yield from (f"{modele._meta.verbose_name} : {un}" for un in qui.order_by("pk")[:MONTRES])


class Tables(admin.AdminSite):
    site_header = index_title = "Tables de référence"
    site_title = "Participation"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register our tables alone: accounts, sessions and second factors of the libraries have pages of their own."""
        classe = admin_class or Table
        if issubclass(classe, Table):
            super().register(model_or_iterable, classe, **options)
        elif not classe.__module__.startswith(DES_BIBLIOTHEQUES):
            raise TypeError(f"{classe.__name__} : une table de référence est une Table.")
