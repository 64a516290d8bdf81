"""Short tags for repeated HTML: a fact, the header and rows of a table, the URL of a link."""

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
    """One line of a ``<dl>``. The value is formatted like ``{{ }}``."""
    return format_html(
        "<div><dt>{}</dt><dd{}>{}</dd></div>",
        render_value_in_context(mot, context),
        format_html(' class="{}"', classe) if classe else "",
        render_value_in_context(valeur, context),
    )


@register.simple_tag
def entetes(*colonnes: object) -> SafeString:
    """Header of a table. ``"#Venus"``, or a year: a column of numbers. ``"(Acte)"``: visually hidden."""
    return format_html(
        "<thead><tr>{}</tr></thead>",
        format_html_join("", '<th scope="col"{}>{}</th>', map(_colonne, colonnes)),
    )


@register.simple_tag
def entetes_empilees(*colonnes: object) -> SafeString:
    """Header of a table whose rows become cards on a phone.

    ARIA roles are written, because the CSS display of the cards removes them.
    """
    return format_html(
        '<thead role="rowgroup"><tr role="row">{}</tr></thead>',
        format_html_join("", '<th role="columnheader" scope="col"{}>{}</th>', map(_colonne, colonnes)),
    )


@register.simple_tag(takes_context=True)
def rangee(context: Context, mot: object, *valeurs: object, classe: str = "nombre") -> SafeString:
    """A row of a table: its heading, then its values, formatted like ``{{ }}``."""
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
    """Return the URL of a link: ``lieu`` itself, or that of a route such as ``"petitions:liste"``."""
    app, _, page = str(lieu).partition(":")
    return reverse(lieu) if app.isidentifier() and page.isidentifier() else lieu


@register.simple_tag
def a_defiler(nom: str) -> SafeString:
    """Attributes of an area that scrolls sideways: reachable with the keyboard, and named."""
    return format_html('role="group" aria-label="{}" tabindex="0"', nom)
