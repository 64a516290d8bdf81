"""Tags of a list: its pages, its sorts, its filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.core.paginator import Page
from django.template.context import Context
from django.utils.translation import gettext

from participation.socle.templatetags.composants import nombre

register = template.Library()


def _requete(context: Context, **changements: str | None) -> str:
    """Return the query string of the page with some parameters changed, or removed if None."""
    request = context.get("request")
    gardes = request.GET.lists() if request is not None else ()
    parametres = [(cle, valeur) for cle, valeurs in gardes if cle not in changements for valeur in valeurs]
    parametres += [(cle, valeur) for cle, valeur in changements.items() if valeur is not None]
    return f"?{urlencode(parametres)}"


@register.inclusion_tag("composants/listes/pages.html", takes_context=True)
def pages(
    context: Context, page: Page[Any], param: str = "page", libelle: str = "Pages de la liste", quoi: str = ""
) -> dict[str, Any]:
    """Links to the pages of a list; the other parameters of the URL (filters, sort) are kept.

    `quoi`: what is counted, where it is not the lines that are seen.
    """
    paginator = page.paginator

    def lien(numero: int) -> str:
        return _requete(context, **{param: str(numero)})

    request = context.get("request")
    demandee = request.GET.get(param, "") if request is not None else ""
    numeros = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        # The page asked for does not exist, and another one is shown.
        "perdue": bool(demandee) and demandee != str(page.number),
        "libelle": libelle,
        "quoi": quoi,
        "de": nombre(page.start_index()),
        "a": nombre(page.end_index()),
        "total": nombre(paginator.count),
        "numeros": [
            {"numero": str(n), "url": lien(n) if isinstance(n, int) else "", "courante": n == page.number}
            for n in numeros
        ],
        "precedente": lien(page.previous_page_number()) if page.has_previous() else "",
        "suivante": lien(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("composants/listes/tri.html", takes_context=True)
def tri(
    context: Context, champ: str, libelle: str, classe: str = "", courant: str = "", param: str = "tri"
) -> dict[str, Any]:
    """Heading that sorts the list by « champ », then « -champ ». ``courant``: the sort that the rows are in."""
    sens = {champ: "ascending", f"-{champ}": "descending"}.get(courant, "")
    return {
        "libelle": libelle,
        "classe": classe,
        "sens": sens,
        "icone_nom": {"ascending": "tri-haut", "descending": "tri-bas"}.get(sens, "tri"),
        "url": _requete(context, **{param: f"-{champ}" if sens == "ascending" else champ, "page": None}),
    }


FILTRES_EN_VUE = 2  # with more, all but the first are folded on a phone


@register.inclusion_tag("composants/listes/filtres.html", takes_context=True)
def filtres(
    context: Context, form: forms.BaseForm, libelle: str, *, poses_ailleurs: bool = False
) -> dict[str, Any]:
    """A GET form above a list, on one line, from any form (``filterset.form`` too).

    Its button says « Chercher » where one types, « Afficher » where all is chosen. With many filters, all but the first
    are folded behind one button, those in force being said beside it, unless the page says them (`filtres_poses`).
    """
    request = context.get("request")
    champs = [champ for champ in form if not champ.is_hidden]
    poses = [champ for champ in champs if request is not None and request.GET.get(champ.html_name)]
    sont_plies = len(champs) > FILTRES_EN_VUE
    return {
        "form": form,
        "champs": champs[:1] if sont_plies else champs,
        "suite": champs[1:] if sont_plies else [],
        "caches": [champ for champ in form if champ.is_hidden and champ.value()],
        "en_vigueur": [_en_vigueur(champ, request) for champ in poses if sont_plies and champ != champs[0]],
        "en_erreur": any(champ.errors for champ in champs[1:]),
        "poses_ailleurs": poses_ailleurs,
        "libelle": libelle,
        "acte": gettext("Chercher")
        if any(isinstance(champ.field, forms.CharField) for champ in champs)
        else "Afficher",
        "remise": request.path if request is not None and poses else "",
    }


@register.inclusion_tag("composants/listes/filtres_poses.html", takes_context=True)
def filtres_poses(context: Context, form: forms.BaseForm) -> dict[str, Any]:
    """The filters in force, each an item of a list, with the address of the page without it."""
    return filtres(context, form, "")


def _en_vigueur(champ: forms.BoundField, request: Any) -> dict[str, str]:
    """Return the words of a filter in force, and the address of the page without it."""
    valeur = str(champ.value() or "")
    choix: Any = getattr(champ.field, "choices", ())
    noms = {str(cle): str(nom) for cle, nom in _a_plat(choix)}
    reste = request.GET.copy()
    for nom in (champ.html_name, "page"):
        reste.pop(nom, None)
    return {
        "libelle": str(champ.label),
        "valeur": noms.get(valeur, valeur),
        "sans": f"{request.path}?{reste.urlencode()}" if reste else request.path,
    }


def _a_plat(choix: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for cle, nom in choix:
        if isinstance(nom, list | tuple):
            yield from nom
        else:
            yield cle, nom
