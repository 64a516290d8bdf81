"""The reference tables, one mechanism for all: list, row, history of the admin; what serves is not deleted."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import model_to_dict
from django.http import HttpRequest
from django.utils import timezone

from participation.socle.models.reglements import Reglement

DES_BIBLIOTHEQUES = ("django.", "allauth.")
MONTRES = 20  # of each kind, among those that use a row


VU = "vu"  # in the address of the form: what its page showed


class _Relue(forms.ModelForm):  # type: ignore[type-arg]
    vu = ""

    def clean(self) -> Any:
        dit = super().clean()
        if self.vu and self.changed_data and self.vu != empreinte_de(self):
            for nom in self.changed_data:
                lue = getattr(self.instance, nom, None)
                if isinstance(lue, str | int | date):
                    self.add_error(nom, f"Aujourd’hui, il est écrit : « {lue} »")
            raise ValidationError(
                "Cette ligne a changé pendant que vous l’écriviez. Rien n’est enregistré : votre version est gardée ici. "
                "Reprenez ce qui doit l’être, puis enregistrez de nouveau."
            )
        return dit


def empreinte_de(form: Any) -> str:
    """Return a fingerprint of what the row has today in the columns of its form."""
    ligne = type(form.instance)._base_manager.get(pk=form.instance.pk)
    lues = {nom: valeur for nom, valeur in model_to_dict(ligne).items() if nom in form.fields}
    dites = {
        nom: sorted(str(getattr(un, "pk", un)) for un in v) if isinstance(v, list) else str(v)
        for nom, v in lues.items()
    }
    return hashlib.sha256(repr(sorted(dites.items())).encode()).hexdigest()[:32]


class Table(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    """Table of the reference. Foreign keys protect what they name: Django says so. Here, what relations of many name."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, list[Any]]:
        supprimes, nombres, manquent, proteges = super().get_deleted_objects(objs, request)
        return supprimes, nombres, manquent, [*proteges, *usages(list(objs))]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Refuse a row that changed since its page was opened: two windows would overwrite one another."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (_Relue, form), {"vu": request.GET.get(VU, "")}) if obj else form

    def render_change_form(
        self,
        request: Any,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if change:
            form_url = f"{form_url}?{urlencode({VU: empreinte_de(context['adminform'].form)})}"
        return super().render_change_form(request, context, add, change, form_url, obj)

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
