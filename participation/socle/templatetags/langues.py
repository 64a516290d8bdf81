"""What people wrote in French, on a page in another language: said to be French, for who reads and for who listens."""

import re
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.urls import resolve
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, gettext

from participation.socle.langues import FRANCAIS, NOMS, adresse_en, ecrit, jour, langue, titre_lu
from participation.socle.langues import en_francais as est_en_francais
from participation.socle.lectures import libelles
from participation.socle.lectures.langues import est_relue, version_en
from participation.socle.models import TexteTraduit

register = template.Library()
EN_FRANCAIS = "en_tete_en_francais"  # of a render: what its head says in French, by its first words


def debut(texte: str) -> str:
    """Return enough of a text to know it again once it is cut."""
    return " ".join(texte.split())[:30]


class Edition:
    """In which language the page is read, and its other languages. `est_traduite`: whether its sentences are marked."""

    def __init__(self, request: Any, *, est_traduite: bool = False) -> None:
        trouvee = getattr(request, "resolver_match", None)
        self.chemin = request.path if request is not None else "/"
        self.est_traduite = est_traduite or (
            trouvee is not None and getattr(trouvee.func, "est_traduite", False)
        )
        self.langue = langue()
        self.sens = "rtl" if get_language_bidi() else "ltr"
        self.est_en_francais = self.langue == FRANCAIS
        self.site = settings.SITE_URL

    @property
    def en_francais(self) -> str:
        return adresse_en(self.chemin, FRANCAIS)

    @property
    def est_relue(self) -> bool:
        return est_relue(self.langue)

    @property
    def langues(self) -> list[dict[str, Any]]:
        """Return the languages of this page: code, name, address, and whether it is the one that is read."""
        return [
            {"code": c, "nom": nom, "url": adresse_en(self.chemin, c), "est_lue": c == self.langue}
            for c, nom in NOMS.items()
        ]


@register.simple_tag(takes_context=True)
def edition(context: Context) -> Edition:
    """In which language the page is read; a page of error may have no request."""
    return Edition(context.get("request"), est_traduite="est_une_erreur" in context)


@register.filter
def traduites(menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of the public menu whose page is translated, for who arrives on one that is not."""
    entrees = [entree for rubrique in menu for entree in rubrique["entrees"]]
    return [e for e in entrees if getattr(resolve(e["url"].partition("?")[0]).func, "est_traduite", False)]


register.filter("ecrit", ecrit)
register.filter("titre_lu", titre_lu)


@register.filter
def dit(mot: Any) -> SafeString:
    """Return a word of the trade (an état, an outcome) in the language of the page; in French, and marked so, where
    nobody translated it."""
    traduit = gettext(str(mot)) if mot else ""
    return ecrit(mot) if traduit == str(mot) else conditional_escape(traduit)


@register.filter
def libelle(mot: Any) -> SafeString:
    """Return a label of a table (`LIBELLES_PUBLICS`) in the language of the page; in French, and marked so for the eye
    too, where nobody translated it."""
    if not mot or est_en_francais():
        return ecrit(mot)
    traduit = libelles.traduit(str(mot))
    if traduit:
        return conditional_escape(traduit)
    return format_html('<span class="sans-traduction" lang="fr" dir="ltr">{}</span>', mot)


@register.simple_tag(takes_context=True)
def libelle_dans_sa_langue(context: Context, mot: Any) -> Any:
    """The same, also in a part that is in French: there, in the language of the reader where somebody translated it."""
    if not est_en_francais():
        return libelle(mot)
    with translation.override(getattr(context.get("request"), "LANGUAGE_CODE", FRANCAIS)):
        traduit = "" if est_en_francais() else libelles.traduit(str(mot))
        sens = "rtl" if get_language_bidi() else "ltr"
        return format_html('<span lang="{}" dir="{}">{}</span>', langue(), sens, traduit) if traduit else mot


@register.filter
def libelle_nu(mot: Any) -> str:
    """The same in a letter, where no element can be put around it."""
    return (libelles.traduit(str(mot)) if not est_en_francais() else "") or str(mot)


@register.inclusion_tag("composants/langues/seulement_en_francais.html")
def seulement_en_francais() -> dict[str, bool]:
    """One line under a text of people: « Ce texte n’est qu’en français »; nothing on a French page."""
    return {"a_dire": not est_en_francais()}


@register.inclusion_tag("composants/langues/seulement_en_francais.html")
def en_francais_sauf_traduit() -> dict[str, bool]:
    """The same line above a list, whose titles people may have translated."""
    return {"a_dire": not est_en_francais(), "est_une_liste": True}


def version_lue(context: Context, dossier: Any) -> TexteTraduit | None:
    """Return the translation of the texts of `dossier` in the language of the page; read once for each dossier.

    A line of a list says its own, read with the others: `version_lue`.
    """
    code = getattr(context.get("request"), "LANGUAGE_CODE", FRANCAIS)
    if code == FRANCAIS or not hasattr(dossier, "traductions"):
        return getattr(dossier, "version_lue", None)
    return version_en(dossier, code)


@register.inclusion_tag("composants/langues/texte_public.html", takes_context=True)
def texte_public(context: Context, dossier: Any, champ: str, sur_place: bool = False) -> dict[str, Any]:
    """A text that people translated, in the language of the page, paragraph by paragraph; else in French.

    `sur_place`: inside a heading.
    """
    version = version_lue(context, dossier)
    lignes = version.lignes(champ) if version is not None else []
    return {
        "francais": getattr(dossier, champ),
        "lignes": lignes if any(une.texte for une in lignes) else [],
        "sur_place": sur_place,
        "version": version,
        **_mots(version),
    }


@register.simple_tag(takes_context=True)
def en_tete(context: Context, objet: Any, champ: str = "titre") -> str:
    """What an object says, for the head of a page: as people translated it; else in French, which `partage` marks.

    With an empty `champ`, its name.
    """
    version = version_lue(context, objet) if champ else None
    dits = [ligne.texte for ligne in version.lignes(champ)] if version is not None else []
    if dits and all(dits):
        return " ".join(dits)
    texte = str(getattr(objet, champ) if champ else objet)
    if not est_en_francais():
        if context.render_context.get(EN_FRANCAIS) is None:
            context.render_context[EN_FRANCAIS] = set()
        context.render_context[EN_FRANCAIS].add(debut(texte))
    return texte


@register.inclusion_tag("composants/langues/date_de_la_traduction.html", takes_context=True)
def date_de_la_traduction(context: Context, dossier: Any) -> dict[str, Any]:
    """One line above these texts: who reads a translation knows from when; without one, that they are in French."""
    version = version_lue(context, dossier)
    return {"version": version, **_mots(version)}


def _mots(version: TexteTraduit | None) -> dict[str, str]:
    """The sentences about a translation, in its language, even on a page whose sentences are not marked."""
    if version is None:
        return {}
    with translation.override(version.langue):
        return {
            "traduit": gettext(
                "Traduit par une personne et relu par une autre, le %(jour)s. Seul le français fait foi."
            )
            % {"jour": jour(version.en_ligne_le)},  # type: ignore[arg-type]  # it is on line
            "change": gettext("Le français a changé depuis cette traduction."),
            "absent": gettext("Ce paragraphe n’est pas encore traduit."),
            "sens": "rtl" if get_language_bidi() else "ltr",
        }


LIEN = re.compile(r'(\b(?:href|action|hx-get|hx-post)=")(/(?:[^"/][^"]*)?)(?=")')


@register.tag
def francais(parser: Parser, token: Token) -> template.Node:
    """`{% francais %}…{% endfrancais %}`: a part that is in French whatever the page is, its days and numbers too.

    `{% francais sauf=edition.est_traduite %}`: unless the page is translated. Its links keep the language of the page.
    A part with a heading of its own says first, in the language of the page, that it is in French.
    """
    sauf = [mot.removeprefix("sauf=") for mot in token.split_contents()[1:]]
    contenu = parser.parse(("endfrancais",))
    parser.delete_first_token()
    return NoeudEnFrancais(contenu, parser.compile_filter(sauf[0]) if sauf else None)


INTERTITRE = re.compile(r"<h[2-6]\b")
A_DIRE = '<p class="petit discret" lang="{}" dir="{}">{}</p>'


class NoeudEnFrancais(template.Node):
    def __init__(self, nodelist: NodeList, sauf: FilterExpression | None) -> None:
        self.nodelist, self.sauf = nodelist, sauf

    def render(self, context: Context) -> SafeString:
        lue = langue()
        if lue == FRANCAIS or (self.sauf is not None and self.sauf.resolve(context)):
            return self.nodelist.render(context)
        with translation.override(FRANCAIS):
            rendu = self.nodelist.render(context)
        dans_la_langue = LIEN.sub(lambda lien: lien[1] + adresse_en(lien[2], lue), rendu)
        dit = ""
        if self.sauf is None and INTERTITRE.search(rendu):
            sens = "rtl" if get_language_bidi() else "ltr"
            dit = format_html(A_DIRE, lue, sens, gettext("Ce texte n’est qu’en français."))
        return mark_safe(dit + dans_la_langue)  # noqa: S308 what was rendered, with other prefixes of the site


@register.simple_tag
def est_du_francais() -> SafeString:
    """Attributes of the element of such a part."""
    return SafeString("" if est_en_francais() else ' lang="fr" dir="ltr"')


@register.simple_tag(takes_context=True)
def dans_sa_langue(context: Context, phrase: str) -> SafeString:
    """A marked sentence in the language of the reader, on a page that is in French: it leads to a translated one."""
    with translation.override(getattr(context.get("request"), "LANGUAGE_CODE", FRANCAIS)):
        sens = "rtl" if get_language_bidi() else "ltr"
        return format_html('<span lang="{}" dir="{}">{}</span>', langue(), sens, gettext(phrase))


@register.simple_tag
def phrase_en_francais() -> str:
    """The same line, in a letter."""
    return "" if est_en_francais() else gettext("Ce texte n’est qu’en français.")
