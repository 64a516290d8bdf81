"""What people write in a procès-verbal, part by part: one opening, one text for each point, one end. Clean HTML, always."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import nh3
from django.utils.html import linebreaks

from participation.seances.models import Point, Seance
from participation.seances.workflow import EtatPoint
from participation.socle.textes import sans_controle

OUVERTURE, FIN = "ouverture", "fin"
BALISES = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "blockquote", "h3", "a"}
BLOC = re.compile(r"<(p|ul|ol|blockquote|h3)[\s>]", re.IGNORECASE)
NIVEAUX = 8  # of empty blocks inside one another; a paste of thousands would hold the worker for hours
VIDE = re.compile(r"<(p|h3|blockquote|li)>(\s|&nbsp;|<br>)*</\1>", re.IGNORECASE)


def nettoyer(html: str) -> str:
    """HTML that a page and a PDF may hold as it is: a few tags, links to https alone, nothing empty.

    Plain text becomes paragraphs, a blank line between two: what is typed without the editor.
    """
    html = sans_controle(html).replace("\r\n", "\n").strip()
    if not html:
        return ""
    propre = nh3.clean(
        html,
        tags=BALISES,
        attributes={"a": {"href"}},
        url_schemes={"https"},
        link_rel=None,
        clean_content_tags={"script", "style", "title", "iframe", "object", "svg", "math"},
    )
    if not BLOC.search(propre):
        propre = linebreaks(propre).replace("\n", "")
    for _ in range(NIVEAUX):
        plein = VIDE.sub("", propre)
        if plein == propre:
            break
        propre = plein
    return propre.strip()


def en_html(texte: str) -> str:
    """Plain text, as clean HTML: what it holds of angle brackets is shown, not read."""
    if not texte.strip():
        return ""
    return nettoyer(linebreaks(texte.strip(), autoescape=True).replace("\n", ""))


def sans_balises(html: str) -> str:
    """To be said in one line."""
    avec_blancs = re.sub(r"</(p|li|h3|blockquote)>|<br>", " ", html)
    return " ".join(unescape(nh3.clean(avec_blancs, tags=set())).split())


def parties(points: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """(key, title) of each part, in order."""
    return [(OUVERTURE, "Ouverture de la séance"), *points, (FIN, "Fin de la séance")]


def premier_texte(seance: Seance) -> dict[str, str]:
    """What the facilitator noted in séance, point by point; the rest is to be written."""
    texte = {OUVERTURE: "", FIN: ""}
    releves: list[Any] = list(
        Point.objects.filter(seance=seance)
        .exclude(etat=EtatPoint.RETIRE)
        .order_by("ordre", "pk")
        .values_list("pk", "releve")
    )
    texte.update({str(pk): en_html(releve) for pk, releve in releves})
    return texte


def propre(texte: Mapping[str, str]) -> dict[str, str]:
    return {cle: nettoyer(html) for cle, html in texte.items()}
