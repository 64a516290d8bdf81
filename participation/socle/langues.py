"""Languages of the public pages: which one is read, its addresses, and how it writes a number, a day, an hour.

French has no prefix in its addresses; another language begins them (`/ar/petitions/`). Nothing but the address says the
language of a page, so caches may keep it. `LANGUES` of the settings lists them, French first.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.utils import formats, translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from participation.socle import francais

FRANCAIS: str = settings.LANGUAGE_CODE
AUTRES: tuple[str, ...] = tuple(code for code, _ in settings.LANGUAGES if code != FRANCAIS)
NOMS: dict[str, str] = dict(settings.LANGUAGES)
CHEMIN = re.compile(r"^/[^\s<>«»]*")
PREFIXE = re.compile(rf"^/({'|'.join(AUTRES)})(?=/)")
# Addresses that have no language: they are read by machines, or by who has an account.
SANS_LANGUE = ("/comptes/", "/reference/", "/open311/", "/static/")

# What a form says is read with its module, long before anybody reads it in a language.
plus_tard = cast("Callable[[str], str]", gettext_lazy)


def langue() -> str:
    """Return the code of the language in which the page or the letter is being written."""
    return translation.get_language() or FRANCAIS


def en_francais() -> bool:
    return langue() == FRANCAIS


def langue_de(chemin: str) -> str:
    """Return the language of an address of the site."""
    trouve = PREFIXE.match(chemin)
    return trouve[1] if trouve else FRANCAIS


def adresse_en(chemin: str, code: str) -> str:
    """Return the same address in another language."""
    nue = PREFIXE.sub("", chemin)
    return nue if code == FRANCAIS or nue.startswith(SANS_LANGUE) else f"/{code}{nue}"


def liens_en(texte: str, code: str) -> str:
    """Return the text with every link of the site led to this language: a letter is written whatever was being read."""
    return "".join(
        morceau
        if rang == 0
        else settings.SITE_URL + CHEMIN.sub(lambda lu: adresse_en(lu[0], code), morceau, count=1)
        for rang, morceau in enumerate(texte.split(settings.SITE_URL))
    )


@cache
def _noms_en_francais() -> dict[str, str]:
    """Each language of the site as each of them calls it, and what French calls it."""
    noms = {}
    for code in NOMS:
        with translation.override(FRANCAIS):
            francais = translation.get_language_info(code)["name_translated"].lower()
        noms[_nu(NOMS[code])] = francais
        for autre in NOMS:
            with translation.override(autre):
                noms[_nu(translation.get_language_info(code)["name_translated"])] = francais
    return noms


def _nu(nom: str) -> str:
    """Return the word without case nor marks above its letters."""
    return "".join(
        c for c in unicodedata.normalize("NFKD", nom.strip().casefold()) if not unicodedata.combining(c)
    )


def nommee_en_francais(dite: str) -> str:
    """Return « arabe » for « العربية » or « Arabic »: what people type is counted together; others as typed."""
    return _noms_en_francais().get(_nu(dite), dite.strip().lower())


# Numbers, days, hours. French has its own (`francais`).


def nombre(valeur: float | Decimal) -> str:
    if en_francais():
        return francais.nombre(valeur)
    return str(formats.number_format(valeur, use_l10n=True, force_grouping=True))


def jour(valeur: date | datetime, forme: str = "") -> str:
    """Return a day, of Paris, with the day of the week when `forme` is « long »."""
    if en_francais():
        return francais.jour_texte(valeur, forme)
    local = francais.en_local(valeur)
    dit = formats.date_format(local, "DATE_FORMAT")
    return f"{formats.date_format(local, 'l')}{virgule()} {dit}" if forme == "long" else dit


def virgule() -> str:
    return "،" if translation.get_language_bidi() else ","


def heure(valeur: datetime | time) -> str:
    if en_francais():
        return francais.heure(valeur)
    local = francais.en_local(valeur) if isinstance(valeur, datetime) else valeur
    return formats.time_format(cast("datetime | time", local), "H:i")


def instant(valeur: datetime) -> str:
    if en_francais():
        return francais.instant_texte(valeur)
    return f"{jour(valeur)}{virgule()} {heure(valeur)}"


# What people wrote.


def ecrit(texte: Any, balise: str = "span") -> SafeString:
    """Return a text that somebody wrote in French; marked so where the page is in another language."""
    sur = conditional_escape(texte)
    if en_francais() or not sur:
        return sur
    return format_html('<{0} lang="fr" dir="ltr">{1}</{0}>', balise, sur)


class EnFrancais(str):
    """What people wrote in French, where no element can be put around it: the label of a choice."""

    __slots__ = ()


def titre_lu(dossier: Any) -> SafeString | str:
    """Return the title of a line of a list, as people translated it (`avec_titres_lus`), else in French and marked so."""
    passages = getattr(dossier, "titre_traduit", None) or []
    mots = " ".join(mot for _, mot, *_ in passages if mot and "titre" in dossier.textes_publics())
    if not mots:
        return dossier.titre if en_francais() else ecrit(dossier.titre)
    return format_html(
        '<span lang="{}" dir="{}">{}</span>',
        langue(),
        "rtl" if translation.get_language_bidi() else "ltr",
        mots,
    )
