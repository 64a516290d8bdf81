"""What every page repeats, said in one line: a fact, the head and the rows of a table, where a link leads."""

from __future__ import annotations

from django import template
from django.template.base import render_value_in_context
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def fait(context: Context, mot: object, valeur: object, classe: str = "") -> SafeString:
    """One line of a ``<dl>``. The value is written as ``{{ }}`` would write it."""
    return format_html(
        "<div><dt>{}</dt><dd{}>{}</dd></div>",
        render_value_in_context(mot, context),
        format_html(' class="{}"', classe) if classe else "",
        render_value_in_context(valeur, context),
    )


@register.simple_tag
def entetes(*colonnes: object) -> SafeString:
    """The head of a table: ``"#Venus"`` is a column of numbers, as a year is, ``"(Acte)"`` is only heard."""
    return format_html(
        "<thead><tr>{}</tr></thead>",
        format_html_join("", '<th scope="col"{}>{}</th>', map(_colonne, colonnes)),
    )


@register.simple_tag
def entetes_empilees(*colonnes: object) -> SafeString:
    """The same, of a table whose rows become cards on a phone: the roles are said, since its style hides them."""
    return format_html(
        '<thead role="rowgroup"><tr role="row">{}</tr></thead>',
        format_html_join("", '<th role="columnheader" scope="col"{}>{}</th>', map(_colonne, colonnes)),
    )


@register.simple_tag(takes_context=True)
def rangee(context: Context, mot: object, *valeurs: object, classe: str = "nombre") -> SafeString:
    """A row of such a table: what is counted, then its numbers, each written as ``{{ }}`` would write it."""
    attribut = format_html(' class="{}"', classe) if classe else ""
    cellules = ((attribut, render_value_in_context(valeur, context)) for valeur in valeurs)
    return format_html(
        '<tr><th scope="row">{}</th>{}</tr>',
        render_value_in_context(mot, context),
        format_html_join("", "<td{}>{}</td>", cellules),
    )


def _colonne(colonne: object) -> tuple[str, str]:
    mots = str(colonne)
    if mots.startswith("("):
        return "", format_html('<span class="visually-hidden">{}</span>', mots.strip("()"))
    est_nombre = mots.startswith("#") or isinstance(colonne, int)
    return SafeString(' class="nombre"') if est_nombre else "", mots.removeprefix("#")


@register.filter
def adresse(lieu: str) -> str:
    """Where a link of a component leads: an address, or the name of a route, as ``"petitions:liste"``."""
    app, _, page = str(lieu).partition(":")
    return reverse(lieu) if app.isidentifier() and page.isidentifier() else lieu


@register.simple_tag
def a_defiler(nom: str) -> SafeString:
    """The attributes of a part that scrolls sideways: the keyboard reaches it, and it has a name."""
    return format_html('role="group" aria-label="{}" tabindex="0"', nom)
