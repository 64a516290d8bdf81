"""Masking of the logs, and of the letters that agents read: no email address, no signed link."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from participation.socle.liens import SECRETS

# Matched at the start of a word only: a line of a hundred thousand letters is read once.
ADRESSE = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)+")


# The same in the query of a URL, such as `?courriel=` on the sign-in page.
ADRESSE_CODEE = re.compile(r"(?<![\w.+%-])(?:[\w.+-]|%(?!40)[0-9A-Fa-f]{2})++%40[\w.-]++")


# What opens something, in the query of a URL: the key of an application, the answer of a sign-in service.
CLE_CODEE = re.compile(r"(?<=[?&])(api_key|cle|code|jeton|key|state|token)=[^&\s\"']+", re.IGNORECASE)


# Until the routes are known, every long piece of a path is masked.
SANS_ROUTES = re.compile(r"(/)[^/\s?]{20,}")


# Beginning common to all secret paths (tests/site/test_adresses.py). A line without it holds no secret: a worker
# then never loads the views of the whole site to write a log.
DEBUT = re.compile(r"/[\w-]+/")


def portes_secretes(
    routes: Iterable[URLPattern | URLResolver] | None = None, avant: str = "/"
) -> Iterator[str]:
    """Yield the regular expressions of what comes before each signed link or secret key in a route.

    Example: `/petitions/signature/`.
    """
    for route in get_resolver().url_patterns if routes is None else routes:
        if isinstance(route, URLResolver):
            yield from portes_secretes(route.url_patterns, avant + _expression(str(route.pattern)))
        elif isinstance(route.pattern, RoutePattern):
            secrets = [nom for nom, c in route.pattern.converters.items() if isinstance(c, SECRETS)]
            for nom in secrets:
                debut = re.split(rf"<\w+:{nom}>", str(route.pattern))[0]
                yield avant + _expression(debut)
        elif isinstance(route.pattern, RegexPattern) and "key" in route.pattern.regex.groupindex:
            # Route of a library: the key that sets a new password.
            yield avant + str(route.pattern).lstrip("^").split("(")[0]


def _expression(route: str) -> str:
    """Return the regular expression of a piece of route. `<int:pk>` matches up to the next slash."""
    return "[^/]+".join(re.escape(morceau) for morceau in re.split(r"<[^<>]+>", route))


@cache
def _jeton() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(sorted(set(portes_secretes())))})[^/\s?]+")


def masquer_liens(texte: str) -> str:
    if apps.ready and not DEBUT.search(texte):
        return texte
    try:
        jeton = _jeton() if apps.ready else SANS_ROUTES
    except Exception:  # the routes cannot be read; the log that says so must still be written
        jeton = SANS_ROUTES
    return jeton.sub(r"\1…", texte)


def masquer(texte: str) -> str:
    texte = CLE_CODEE.sub(r"\1=…", masquer_liens(texte))
    return ADRESSE.sub("…@…", ADRESSE_CODEE.sub("…@…", texte))


class SansSecret(logging.Formatter):
    """Formatter that masks the whole line, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        return masquer(super().format(record))
