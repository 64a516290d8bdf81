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
from typing import cast

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext_lazy

from participation.socle.francais import en_local

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
    return str(formats.number_format(valeur, use_l10n=True, force_grouping=True))


def jour(valeur: date, forme: str = "") -> str:
    """Return a day, with the day of the week when `forme` is « long »."""
    dit = formats.date_format(valeur, "DATE_FORMAT")
    return f"{formats.date_format(valeur, 'l')}, {dit}" if forme == "long" else dit


def heure(valeur: datetime | time) -> str:
    return formats.time_format(valeur, "H:i")


def instant(valeur: datetime) -> str:
    local = en_local(valeur)
    return f"{jour(local)}, {heure(cast('datetime', local))}"
