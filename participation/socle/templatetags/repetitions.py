"""What a page says again for each commune, written here: 49 turns of a template cost more than all the rest of the page.

Everything is escaped. The tags are those of `composants/donnees.html` and `composants/tuiles.html`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from participation.socle.graphiques.carte import Ligne, TuileDessinee

register = template.Library()


@register.simple_tag
def rangees(lignes: Iterable[Ligne]) -> SafeString:
    """The rows of a table of data."""
    return mark_safe("".join(map(_rangee, lignes)))  # noqa: S308 each part is escaped


def _rangee(ligne: Ligne) -> str:
    titre: str = escape(ligne.titre)
    if ligne.lien:
        titre = f'<a href="{escape(ligne.lien)}">{titre}</a>'
    cellules = "".join([f'<td class="nombre">{escape(cellule)}</td>' for cellule in ligne.cellules])
    return f'<tr><th scope="row">{titre}</th>{cellules}</tr>'


@register.simple_tag
def tuiles_dessinees(dessin: Iterable[TuileDessinee]) -> SafeString:
    """The tiles of a map."""
    return mark_safe("".join(map(_tuile, dessin)))  # noqa: S308 each part is escaped


def _tuile(tuile: TuileDessinee) -> str:
    dit = escape(tuile.dit)
    texte = (
        f'<text x="{tuile.milieu}" y="{tuile.y_nombre}">{escape(tuile.texte)}</text>' if tuile.texte else ""
    )
    groupe = (
        f'<g class="{tuile.niveau}"><title>{dit}</title>'
        f'<rect x="{tuile.x}" y="{tuile.y}" width="64" height="48" rx="5" />'
        f'<text class="sigle" x="{tuile.milieu}" y="{tuile.y_sigle}">{escape(tuile.sigle)}</text>{texte}</g>'
    )
    return f'<a href="{escape(tuile.lien)}" aria-label="{dit}">{groupe}</a>' if tuile.lien else groupe
