"""The text that people write in a procès-verbal, as clean HTML: an opening, one part for each point, an end."""

import re
from html import unescape
from typing import Any

import nh3
from django.utils.html import linebreaks

from participation.seances.models import Point, Seance
from participation.seances.workflow import EtatPoint
from participation.socle.regles.textes import sans_controle

OUVERTURE, FIN = "ouverture", "fin"


BALISES = {"p", "br", "strong", "em", "b", "i", "ul", "ol", "li", "blockquote", "h3", "a"}


BLOC = re.compile(r"<(p|ul|ol|blockquote|h3)[\s>]", re.IGNORECASE)


NIVEAUX = 8  # of nested empty blocks removed; without a limit, a paste of thousands would block the worker for hours


VIDE = re.compile(r"<(p|h3|blockquote|li)>(\s|&nbsp;|<br>)*</\1>", re.IGNORECASE)


def nettoyer(html: str) -> str:
    """Return HTML that a page and a PDF may show: a few tags, https links only, no empty block.

    Text without block tags becomes paragraphs, split at blank lines.
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
    """Return plain text as clean HTML: angle brackets are escaped and shown."""
    if not texte.strip():
        return ""
    return nettoyer(linebreaks(texte.strip(), autoescape=True).replace("\n", ""))


def sans_balises(html: str) -> str:
    """Return the text without tags, on one line."""
    avec_blancs = re.sub(r"</(p|li|h3|blockquote)>|<br>", " ", html)
    return " ".join(unescape(nh3.clean(avec_blancs, tags=set())).split())


def parties(points: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (key, title) of each part, in order."""
    return [(OUVERTURE, "Ouverture de la séance"), *points, (FIN, "Fin de la séance")]


def premier_texte(seance: Seance) -> dict[str, str]:
    """Return the first text: the facilitator's notes for each point, an empty opening and an empty end."""
    texte = {OUVERTURE: "", FIN: ""}
    releves: list[Any] = list(
        Point.objects.filter(seance=seance)
        .exclude(etat=EtatPoint.RETIRE)
        .order_by("ordre", "pk")
        .values_list("pk", "releve")
    )
    texte.update({str(pk): en_html(releve) for pk, releve in releves})
    return texte
