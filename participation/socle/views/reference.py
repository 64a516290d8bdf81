"""The reference tables, one mechanism for all: list, row, history of the admin; what serves is not deleted."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import model_to_dict
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from participation.socle.models.reglements import Reglement

DES_BIBLIOTHEQUES = ("django.", "allauth.")
MONTRES = 20  # of each kind, among those that use a row


VU = "vu"  # in the address of the form, or beside a line of it: what its page showed


class _Relue(forms.ModelForm):  # type: ignore[type-arg]
    vu = ""

    def clean(self) -> Any:
        dit = super().clean()
        _exiger_relue(self, self.vu)
        return dit


class LigneRelue(forms.ModelForm):  # type: ignore[type-arg]
    """A line of what goes with the row, refused as the row is when it changed since its page was opened."""

    vu = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial[VU] = empreinte_de(self)

    def clean(self) -> Any:
        dit = super().clean()
        if self.instance.pk:
            nom = self.add_prefix(VU)
            vu, relues = self.data.get(nom, ""), cast("QueryDict", self.data).copy()
            relues[nom] = self.initial[VU]  # once refused, it is read
            self.data = relues
            _exiger_relue(self, vu)
        return dit


class Lignes(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    """What goes with a row, on its page: the roles of an account, the seuils of a règlement."""

    form, extra = LigneRelue, 0


def _exiger_relue(form: Any, vu: str) -> None:
    """Raise ValidationError if the row of the form is no longer what its page showed, and say what it is today."""
    changes = [nom for nom in form.changed_data if nom != VU]
    if not vu or not changes or vu == empreinte_de(form):
        return
    lue = type(form.instance)._base_manager.get(pk=form.instance.pk)
    for nom in changes:
        valeur = getattr(lue, nom, None)
        if isinstance(valeur, str | int | date):
            form.add_error(nom, f"Aujourd’hui, il est écrit : « {valeur} »")
    raise ValidationError(
        "Cette ligne a changé pendant que vous l’écriviez. Rien n’est enregistré : votre version est gardée ici. "
        "Reprenez ce qui doit l’être, puis enregistrez de nouveau."
    )


def empreinte_de(form: Any) -> str:
    """Return a fingerprint of what the row has today in the columns of its form."""
    ligne = type(form.instance)._base_manager.get(pk=form.instance.pk)
    lues = {nom: valeur for nom, valeur in model_to_dict(ligne).items() if nom in form.base_fields}
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
