"""Components of the interface, as template tags and filters. ``francais`` formats numbers, days and hours.

All output is escaped. A tag takes strings or data of ``graphiques``; it never reads the database.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from participation.socle import francais, graphiques, langues
from participation.socle.francais import INSECABLE
from participation.socle.graphiques import Carte, EtapeFrise, Graphique, Jauge
from participation.socle.regles.donnees_liees import fil_d_ariane
from participation.socle.regles.sms import abreger
from participation.socle.regles.traces import reperer
from participation.socle.templatetags.faits import adresse
from participation.socle.templatetags.langues import dit
from participation.socle.templatetags.partage import est_partagee

register = template.Library()

COULEURS = ("accent", "info", "attention", "succes", "erreur", "neutre", "plein")
ICONE_DE_COULEUR = {
    "accent": "rond",
    "plein": "rond",
    "info": "horloge",
    "attention": "alerte",
    "succes": "coche",
    "erreur": "croix",
    "neutre": "vide",
}
ALERTES = {
    "succes": ("success", "coche"),
    "info": ("info", "info"),
    "attention": ("warning", "alerte"),
    "erreur": ("danger", "alerte"),
    # Levels of django.contrib.messages
    "success": ("success", "coche"),
    "debug": ("info", "info"),
    "warning": ("warning", "alerte"),
    "error": ("danger", "alerte"),
}

# Numbers and words

register.filter("pluriel", francais.pluriel)
register.filter("montant", francais.montant)
register.filter("de", francais.de)
register.filter("ponctuer", francais.ponctuer)
register.filter("a_qui", francais.a_qui)
register.filter("avec_article", francais.avec_article)
register.filter("apres_bonjour", francais.apres_bonjour)
register.filter("nom_simple", francais.nom_simple)


@register.filter
def nombre(valeur: object, decimales: int = 1) -> str:
    """1284 → « 1 284 », 12.5 → « 12,5 ». None gives « – »; other values are returned as text."""
    if valeur is None or (isinstance(valeur, int | float | Decimal) and not isinstance(valeur, bool)):
        if valeur is not None and not langues.en_francais():
            return langues.nombre(valeur)
        return francais.nombre(valeur, decimales)
    return str(valeur)


EXPOSANT = re.compile(r"(?<=\d)(er|re|e)\b")


def _exposer(texte: str) -> SafeString:
    """1er février → 1<sup>er</sup> février."""
    return mark_safe(EXPOSANT.sub(r"<sup>\1</sup>", escape(texte)))  # noqa: S308 escaped first


@register.filter
def rang(valeur: int) -> SafeString:
    """1 → 1<sup>re</sup>, 1285 → 1 285<sup>e</sup> (« personne », feminine)."""
    if not langues.en_francais():
        return SafeString(langues.nombre(valeur))
    return _exposer(francais.ordinal(valeur, feminin=True))


ECHAPPEE = re.compile(r"(?<=\w)(?:&#x27;|&#39;)(?=\w)")
# A browser may break « PET-2026-0012 » at its hyphens. With other hyphens, a search in the page would not find it.
REFERENCE = re.compile(r"(?<![\w/=-])[A-Z]{3}-\d{4}-\d{4,}\b")


@register.filter
def typo(texte: Any) -> SafeString:
    """Escape a text, with French typography: U+00A0 before « : ; ! ? » % € », after «, between a number and its
    noun; curly apostrophes; references kept on one line. Not for HTML attributes."""
    if not langues.en_francais():
        return conditional_escape(texte)
    est_du_html = hasattr(texte, "__html__")
    # Without the wrappers of Django, which look for lazy texts: a page says hundreds of these.
    sur = texte.__html__() if est_du_html else html.escape(str(texte))
    sur = francais.espacer(ECHAPPEE.sub("’", sur))
    if not est_du_html:
        sur = REFERENCE.sub(r'<span class="insecable">\g<0></span>', sur)
    return SafeString(sur)


@register.filter
def citer(texte: Any) -> SafeString:
    """Return « texte », escaped, with “ ” for inner quotes. May be used in an attribute."""
    return mark_safe(francais.espacer(ECHAPPEE.sub("’", f"« {conditional_escape(texte)} »")))  # noqa: S308 escaped first


# Days and hours

register.filter("abrege", abreger)
register.filter("mois_texte", francais.mois_texte)
register.filter("dans", francais.dans)
register.filter("au_plus_tard", francais.au_plus_tard)


@register.filter
def en_retard(limite: date | None) -> SafeString:
    """, <strong>en retard de 12 jours</strong>, after a day that is past; else nothing."""
    dit = francais.retard(limite)
    return format_html(', <strong class="texte-erreur">{}</strong>', dit) if dit else mark_safe("")


@register.filter
def jour_texte(valeur: date | datetime | None, forme: str = "") -> str:
    """8 janvier 2027, in the language that is written; « long »: with the day of the week."""
    return langues.jour(valeur, forme) if valeur is not None else francais.jour_texte(None, forme)


@register.filter
def instant_texte(valeur: datetime | None, forme: str = "") -> str:
    """8 janvier 2027 à 14 h 05."""
    if valeur is None or langues.en_francais():
        return francais.instant_texte(valeur, forme)
    return langues.instant(valeur)


@register.filter
def heure(valeur: datetime | time | None) -> str:
    """14 h 05."""
    return langues.heure(valeur) if valeur is not None else francais.heure(None)


@register.filter
def jour(valeur: date | datetime | None) -> SafeString:
    """8 janvier 2027; 1<sup>er</sup> février 2027."""
    return _exposer(jour_texte(valeur))


@register.filter
def jour_long(valeur: date | datetime | None) -> SafeString:
    """mardi 24 novembre 2026."""
    return _exposer(jour_texte(valeur, "long"))


@register.filter
def temps(valeur: date | datetime | str | None, forme: str = "") -> SafeString:
    """Return ``<time datetime>`` for a day or an instant; a string is returned escaped.

    ``forme``: « jour », « court », « long », « heure », « complet » (8 janvier 2027 à 14 h 05),
    « court_heure » (8 janv., 14 h 05). Default: « jour » for a day, « complet » for an instant.
    """
    if not valeur:
        return SafeString("")
    if isinstance(valeur, str):
        return conditional_escape(valeur)
    v = francais.en_local(valeur)
    instant = v if isinstance(v, datetime) else None
    forme = forme or ("complet" if instant else "jour")
    if forme == "heure":
        texte = heure(instant)
    elif forme == "court_heure":
        texte = instant_texte(instant, "court")
    elif forme == "complet":
        texte = instant_texte(instant)
    else:
        texte = jour_texte(v, forme)
    machine = instant.isoformat(timespec="minutes") if instant else v.isoformat()
    ecrit = _exposer(texte) if langues.en_francais() else texte
    return format_html('<time datetime="{}">{}</time>', machine, ecrit)


@register.filter
def jusqu_au(debut: date, fin: date | None) -> SafeString:
    """Return « du … au … », « le … » for one day, « à partir du … » without end, each day in its ``<time>``."""
    if fin is None:
        return format_html(gettext("à partir du {jour}"), jour=temps(debut, "jour"))
    if debut == fin:
        return format_html(gettext("le {jour}"), jour=temps(debut, "jour"))
    return format_html(gettext("du {de} au {a}"), de=temps(debut, "jour"), a=temps(fin, "jour"))


@register.filter
def valeur(table: Mapping[str, str], cle: str) -> str:
    """Return the label of a code, or the code itself if the table does not have it."""
    return table.get(cle, cle)


# Small components


@register.simple_tag
@lru_cache(maxsize=500, typed=True)  # typed: a SafeString must not share the entry of an equal str
def icone(nom: str, classe: str = "") -> SafeString:
    """An icon of ``static/img/icones.svg``, hidden from screen readers. Always put a text beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>',
        f"icone {classe}".strip(),
        static("img/icones.svg"),
        nom,
    )


@register.simple_tag(takes_context=True)
def bouton(
    context: Context,
    un: Any,
    classes: str = "btn-secondary",
    *suite: object,
    libelle: str = "",
    danger: str = "",
    icone_nom: str = "",
) -> SafeString:
    """The button of an act (`Bouton`): a link to its page, or a form when it is done in one click.

    `suite`: read by screen readers only, it says on what the act is done. `danger`: the classes of a dangerous act.
    """
    corps = format_html(
        "{}{}{}",
        format_html("{} ", icone(icone_nom)) if icone_nom else "",
        typo(libelle or un.libelle),
        format_html(
            '<span class="visually-hidden">{}</span>', format_html_join("", "{}", ((mot,) for mot in suite))
        )
        if suite
        else "",
    )
    classe = f"btn {danger if danger and un.est_dangereux else classes}"
    if not un.en_un_clic:
        return format_html('<a class="{}" href="{}">{}</a>', classe, un.url, corps)
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="{}" type="submit">{}</button></form>',
        un.url,
        context.get("csrf_token", ""),
        classe,
        corps,
    )


@register.simple_tag
@lru_cache(maxsize=500, typed=True)
def etat(libelle: str, couleur: str = "neutre", icone_nom: str = "") -> SafeString:
    """Badge of an état: icon and label. Colours: accent (ongoing), info (waiting), attention (somebody must act),
    succes (done), erreur (failed, late), neutre (closed), plein (live)."""
    if couleur not in COULEURS:
        raise ValueError(f"Couleur d’état inconnue : {couleur}")
    classe = "etat" if couleur == "neutre" else f"etat etat-{couleur}"
    return format_html(
        '<span class="{}">{}<span>{}</span></span>',
        classe,
        icone(icone_nom or ICONE_DE_COULEUR[couleur]),
        libelle,
    )


@register.inclusion_tag("composants/ensuite.html")
def ensuite(phrase: str, pour_vous: str = "") -> dict[str, Any]:
    """What comes next, in one sentence, and what the reader has to do."""
    return {"phrase": phrase, "pour_vous": pour_vous}


@register.inclusion_tag("composants/alerte.html")
def alerte(
    texte: str, ton: str = "info", titre: str = "", url: str = "", lien: str = "", role: str = ""
) -> dict[str, Any]:
    """A message. ``ton``: succes, info, attention, erreur. ``role``: status or alert, for what has just happened."""
    classe, nom = ALERTES.get(ton, ALERTES["info"])
    return {
        "texte": texte,
        "classe": classe,
        "icone_nom": nom,
        "titre": titre,
        # Title and text are on the same line: the title ends with a full stop.
        "point": "." if titre and titre[-1] not in ".!?:…" else "",
        "url": url,
        "lien": lien,
        "role": role,
    }


@register.inclusion_tag("composants/listes/vide.html")
def vide(
    titre: str, phrase: str = "", acte: str = "", url: str = "", icone_nom: str = "plus", niveau: int = 2
) -> dict[str, Any]:
    """An empty list: what will be listed, and the act that adds the first item."""
    return {
        "titre": titre,
        "phrase": phrase,
        "acte": acte,
        "url": url,
        "icone_nom": icone_nom,
        "niveau": niveau,
    }


@register.inclusion_tag("composants/graphiques/progression.html")
def progression(fait: int, total: int, phrase: str = "", suite_phrase: str = "") -> dict[str, Any]:
    """Progress of a long task: a count, a bar, and « Vous pouvez quitter cette page »."""
    part = fait / total if total else 0.0
    return {
        "phrase": phrase or f"{francais.nombre(fait)} sur {francais.nombre(total)}",
        "suite_phrase": suite_phrase or f"Vous pouvez quitter cette page{INSECABLE}: le travail continue.",
        "valeur": str(round(100 * min(max(part, 0.0), 1.0))),
        "largeur": graphiques.pourcent(part),
    }


@register.inclusion_tag("composants/etapes.html")
def etapes(liste: Sequence[str], courante: int | str = 1) -> dict[str, Any]:
    """A stepper of 3 to 5 short nouns. ``courante``: rank from 1, or the noun itself."""
    if isinstance(courante, str):
        courante = list(liste).index(courante) + 1
    return {
        "etapes": [
            {"libelle": libelle, "faite": i < courante, "courante": i == courante}
            for i, libelle in enumerate(liste, start=1)
        ]
    }


@register.inclusion_tag("composants/fil.html", takes_context=True)
def fil(context: Context, *parts: Any) -> dict[str, Any]:
    """Breadcrumb: labels and URLs (or routes), then the page: {% fil "Avis" "ccspl:tableau" avis.reference %}.

    The words that an object gives of its way are in French: they are said in the language of the page, or marked so.
    A page that is shared says it to search engines too.
    """
    donnes, suite = (list(parts[0]), parts[1:]) if isinstance(parts[0], list | tuple) else ([], parts)
    ecrits = list(zip(suite[0::2], suite[1::2], strict=False))
    liens = [{"libelle": mot if langues.en_francais() else dit(mot), "url": url} for mot, url in donnes]
    liens += [{"libelle": mot, "url": url} for mot, url in ecrits]
    chemin = donnes + ecrits
    courant = suite[-1] if len(suite) % 2 else ""
    if not suite and donnes:
        chemin.pop()
        courant = liens.pop()["libelle"]
    return {
        "liens": liens,
        "courant": courant,
        "donnees": fil_d_ariane([(mot, adresse(url)) for mot, url in chemin if url])
        if est_partagee(context)
        else None,
    }


@register.inclusion_tag("composants/copier.html")
def copier(adresse: str = "", libelle: str = "Copier le lien", partager: str = "") -> dict[str, Any]:
    """A button that copies a URL (by default the page's). Needs ``js/copier.js``; hidden without JavaScript.

    ``partager`` (a title): first, a button that opens the system's share sheet, if any (``js/partager.js``)."""
    return {"adresse": adresse, "libelle": libelle, "partager": partager}


# Graphics


@register.inclusion_tag("composants/graphiques/frise.html")
def frise(etapes: Iterable[EtapeFrise], niveau: int = 3, courte: bool = False) -> dict[str, Any]:
    """Timeline: past, in progress, to come. ``niveau`` is the level of its headings (3 or 4)."""
    return {"etapes": etapes, "niveau": niveau, "courte": courte}


@register.inclusion_tag("composants/graphiques/jauges.html")
def jauges(jauges: Iterable[Jauge], prefixe: str = "", niveau: int = 3) -> dict[str, Any]:
    """Threshold gauges. ``prefixe`` makes ids unique when a page has two groups."""
    return {"jauges": list(jauges), "prefixe": prefixe, "niveau": niveau}


@register.inclusion_tag("composants/graphiques/mini_jauge.html")
def mini_jauge(proportion: float, repere: float | None = None) -> dict[str, Any]:
    """A thin bar beside a sentence. Both numbers are from 0 to 1."""
    return {
        "largeur": graphiques.pourcent(proportion),
        "repere": graphiques.pourcent(repere) if repere is not None else "",
    }


@register.inclusion_tag("composants/graphiques/tuiles.html")
def tuiles(carte: Carte, legende: bool = True, tableau: bool = True) -> dict[str, Any]:
    """Tile map of the communes, with its legend and its table."""
    return {"carte": carte, "legende": legende, "tableau": tableau}


@register.inclusion_tag("composants/listes/tableau_carte.html")
def tableau_carte(carte: Carte, libelle: str = "Voir le tableau") -> dict[str, Any]:
    """The table of a tile map alone, for another place on the page."""
    return {"carte": carte, "libelle": libelle}


@register.inclusion_tag("composants/graphiques/barres.html")
def barres(graphique: Graphique, niveau: int = 3, etroites: bool = False) -> dict[str, Any]:
    """Horizontal bars, stacked if there are several series, with their table. ``niveau`` 0: no heading."""
    return {"graphique": graphique, "niveau": niveau, "etroites": etroites}


@register.inclusion_tag("composants/graphiques/colonnes.html")
def colonnes(graphique: Graphique, niveau: int = 3) -> dict[str, Any]:
    """Columns over time, with their table."""
    return {"graphique": graphique, "niveau": niveau}


@register.filter
def avec_traces(texte: str) -> SafeString:
    """Underline what seems to say who somebody is, and say what, for an agent who reads it before others do."""
    morceaux, fin = [], 0
    for debut, apres, trace in reperer(texte):
        morceaux.append(typo(texte[fin:debut]))
        morceaux.append(
            format_html(
                '<mark class="trace">{}<span class="visually-hidden"> ({})</span></mark>',
                texte[debut:apres],
                trace.quoi,
            )
        )
        fin = apres
    return mark_safe("".join(str(conditional_escape(m)) for m in [*morceaux, typo(texte[fin:])]))  # noqa: S308 each is escaped
