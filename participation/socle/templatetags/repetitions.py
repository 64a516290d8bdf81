"""HTML repeated for each commune or each cell of a list, written in Python: template loops are ten times slower.

All output is escaped. Used by `composants/graphiques/donnees.html`, `composants/graphiques/tuiles.html` and `socle/dossiers/liste.html`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from participation.socle.graphiques.carte import Ligne, TuileDessinee
from participation.socle.templatetags.composants import etat, typo

register = template.Library()


@register.simple_tag
def rangees(lignes: Iterable[Ligne]) -> SafeString:
    """Rows of a data table."""
    return mark_safe("".join(map(_rangee, lignes)))  # noqa: S308 each part is escaped


def _rangee(ligne: Ligne) -> str:
    titre: str = escape(ligne.titre)
    if ligne.lien:
        titre = f'<a href="{escape(ligne.lien)}">{titre}</a>'
    cellules = "".join([f'<td class="nombre">{escape(cellule)}</td>' for cellule in ligne.cellules])
    return f'<tr><th scope="row">{titre}</th>{cellules}</tr>'


@register.simple_tag
def tuiles_dessinees(dessin: Iterable[TuileDessinee]) -> SafeString:
    """Communes of a map, each by its shape or its tile."""
    return mark_safe("".join(map(_tuile, dessin)))  # noqa: S308 each part is escaped


def _tuile(tuile: TuileDessinee) -> str:
    dit = escape(tuile.dit)
    forme = _case(tuile) if tuile.zone is None else f'<path d="{tuile.zone.trace}" />'
    groupe = f'<g class="{tuile.niveau}"><title>{dit}</title>{forme}</g>'
    return f'<a href="{escape(tuile.lien)}" aria-label="{dit}">{groupe}</a>' if tuile.lien else groupe


def _case(tuile: TuileDessinee) -> str:
    milieu = tuile.x + 32
    nombre = f'<text x="{milieu}" y="{tuile.y + 38}">{escape(tuile.texte)}</text>' if tuile.texte else ""
    return (
        f'<rect x="{tuile.x}" y="{tuile.y}" width="64" height="48" rx="5" />'
        f'<text class="sigle" x="{milieu}" y="{tuile.y + (20 if nombre else 28)}">{escape(tuile.sigle)}</text>{nombre}'
    )


@register.simple_tag
def nombres_des_zones(dessin: Iterable[TuileDessinee]) -> SafeString:
    """Numbers of a map of shapes, above all shapes; read by nobody, each shape says its own."""
    return mark_safe(  # noqa: S308 each part is escaped
        "".join(
            [
                f'<text class="{t.niveau}" x="{t.zone.x}" y="{t.zone.y + 9}">{escape(t.texte)}</text>'
                for t in dessin
                if t.zone and t.texte
            ]
        )
    )


@register.simple_tag
def lignes_de_liste(rangees: Iterable[Any], a_cocher: bool) -> SafeString:
    """Rows of a list (`views.listes.Rangee`).

    `a_cocher`: each row starts with a checkbox, to act on several rows.
    """
    return mark_safe("\n".join([_ligne(rangee, a_cocher) for rangee in rangees]))  # noqa: S308 each part is escaped


def _ligne(rangee: Any, a_cocher: bool) -> str:
    case = (
        '<td role="cell" class="case"><label class="case-cible"><input class="form-check-input" type="checkbox"'
        f' name="choix" value="{escape(rangee.pk)}"><span class="visually-hidden">Choisir {escape(rangee.nom)}</span></label></td>'
        if a_cocher
        else ""
    )
    sous = rangee.tete.sous
    precision = (
        f'<br><span class="petit discret poids-normal">{conditional_escape(sous)}</span>' if sous else ""
    )
    tete = f'<a class="lien-nu" href="{escape(rangee.lien)}">{typo(rangee.tete.texte)}</a>{precision}'
    cellules = "".join(map(_cellule, rangee.cellules))
    return f'<tr role="row">{case}<th role="rowheader" scope="row">{tete}</th>{cellules}</tr>'


def _cellule(cellule: Any) -> str:
    classe = (
        ' class="nombre"'
        if cellule.colonne.nombre
        else ' class="rien"'
        if cellule.texte == "–" and not cellule.sous
        else ""
    )
    # No label on a phone for a badge, which needs none.
    titre = "" if cellule.couleur else f' data-titre="{escape(cellule.colonne.libelle)}"'
    if cellule.couleur:
        texte: str = etat(cellule.texte, cellule.couleur, cellule.icone)
    elif cellule.retard:
        texte = f'<strong class="texte-erreur">{conditional_escape(cellule.texte)}, {cellule.retard}</strong>'
    else:
        texte = conditional_escape(cellule.texte)
    sous = f'<br><span class="discret">{typo(cellule.sous)}</span>' if cellule.sous else ""
    return f'<td role="cell"{classe}{titre}>{texte}{sous}</td>'
