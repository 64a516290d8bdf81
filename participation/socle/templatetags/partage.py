"""What other sites show of a public page: Open Graph, and linked data (schema.org)."""

import re
from collections.abc import Iterable
from html import unescape

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from participation.socle.collectivite import collectivite
from participation.socle.fichiers.jeux import en_json
from participation.socle.langues import FRANCAIS, langue
from participation.socle.regles.donnees_liees import LienDeDonnees
from participation.socle.templatetags.langues import EN_FRANCAIS, debut

register = template.Library()
TITRE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
PARTAGEE = "partagee"
ANNONCE = re.compile(r'<(title|meta(?=\s+name="description"))')
RESUME = re.compile(r'<meta[^<>]*\sname="description"\s+content="(.*?)">', re.DOTALL)
BALISE_TITRE, BALISE_RESUME = re.compile("<title"), re.compile(r'<meta(?=\s+name="description")')


@register.tag
def partage(parser: Parser, token: Token) -> template.Node:
    """`{% partage %}…{% endpartage %}` around title and description: says them again in Open Graph.

    A page without description, personal or of the back office, is not shared. `og_image` of the context is its own
    picture (1 200 × 630).
    """
    contenu = parser.parse(("endpartage",))
    parser.delete_first_token()
    return Partage(contenu)


class Partage(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        tete = self._en_francais(context) if est_du_francais(context) else self.nodelist.render(context)
        francais: Iterable[str] | None = context.render_context.get(EN_FRANCAIS)
        tete = _marquer(tete, francais or ())
        titre, resume = TITRE.search(tete), RESUME.search(tete)
        if titre is None or resume is None:
            return tete
        context.render_context[PARTAGEE] = True
        sienne, site = context.get("og_image"), collectivite().site
        # Both were escaped where they were written.
        dit = mark_safe(" ".join(titre[1].removesuffix(f" – {escape(site)}").split()))  # noqa: S308
        return tete + format_html(
            PROPRIETES,
            langue="fr_FR" if langue() == FRANCAIS or est_du_francais(context) else langue(),
            sorte="article" if sienne else "website",
            site=site,
            titre=dit,
            resume=mark_safe(" ".join(resume[1].split())),  # noqa: S308
            page=context["adresse_canonique"],
            image=sienne or settings.SITE_URL + reverse("socle:image_de_partage"),
        )

    def _en_francais(self, context: Context) -> SafeString:
        with translation.override(FRANCAIS):
            tete = self.nodelist.render(context)
        return mark_safe(ANNONCE.sub(r'<\1 lang="fr" dir="ltr"', tete))  # noqa: S308 what was rendered


def _marquer(tete: SafeString, francais: Iterable[str]) -> SafeString:
    """Mark the title and the description that begin with a text that nobody translated."""
    for balise, motif in ((BALISE_TITRE, TITRE), (BALISE_RESUME, RESUME)):
        trouve = motif.search(tete)
        if (
            trouve is not None
            and debut(unescape(trouve[1]))
            and any(debut(unescape(trouve[1])).startswith(dit.rstrip(" .…")) for dit in francais if dit)
        ):
            tete = mark_safe(balise.sub(r'\g<0> lang="fr" dir="ltr"', tete, count=1))  # noqa: S308 as rendered
    return tete


def est_du_francais(context: Context) -> bool:
    """Whether title and description are in French under an address of another language: so is the whole page."""
    return langue() != FRANCAIS and not context["edition"].est_traduite


def est_partagee(context: Context) -> bool:
    """Whether the head of this page said its Open Graph."""
    return PARTAGEE in context.render_context


PROPRIETES = """<meta property="og:type" content="{sorte}">
    <meta property="og:locale" content="{langue}">
    <meta property="og:site_name" content="{site}">
    <meta property="og:title" content="{titre}">
    <meta property="og:description" content="{resume}">
    <meta property="og:url" content="{page}">
    <meta property="og:image" content="{image}">
    <meta property="og:image:width" content="1200">
    <meta property="og:image:height" content="630">
    <meta property="og:image:alt" content="{titre}">
    <meta name="twitter:card" content="summary_large_image">
    """


@register.simple_tag
def json_ld(donnees: LienDeDonnees) -> SafeString:
    """Write linked data: a browser runs nothing of it, and no text of it closes its element."""
    ecrit = en_json({"@context": "https://schema.org", **donnees})
    for signe in "<>&":
        ecrit = ecrit.replace(signe, f"\\u{ord(signe):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(ecrit))  # noqa: S308 escaped above
