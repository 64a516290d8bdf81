"""What the logs of the machine, and the letters as agents read them, never say: an address of somebody, a link that opens a door."""

import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern

from participation.socle.liens import SECRETS

# Begun at the start of a word only: a line of a hundred thousand letters is read once.
ADRESSE = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]++(?:\.[\w-]++)+")
# While the routes are not known, nothing long is shown of an address.
SANS_ROUTES = re.compile(r"(/)[^/\s?]{20,}")
# How each door begins (tests/test_adresses.py): where there is no such beginning there is no secret, and a worker, whose lines hold none,
# never loads the views of the whole site in order to write them.
DEBUT = re.compile(r"/[\w-]+/")


def portes_secretes(
    routes: Iterable[URLPattern | URLResolver] | None = None, avant: str = "/"
) -> Iterator[str]:
    """For each route that has a signed link or a secret key: the expression of what comes before it, `/petitions/signature/`."""
    for route in get_resolver().url_patterns if routes is None else routes:
        if isinstance(route, URLResolver):
            yield from portes_secretes(route.url_patterns, avant + _expression(str(route.pattern)))
        elif isinstance(route.pattern, RoutePattern):
            secrets = [nom for nom, c in route.pattern.converters.items() if isinstance(c, SECRETS)]
            for nom in secrets:
                debut = re.split(rf"<\w+:{nom}>", str(route.pattern))[0]
                yield avant + _expression(debut)
        elif isinstance(route.pattern, RegexPattern) and "key" in route.pattern.regex.groupindex:
            # A library's own way to write it: the key that sets a new password.
            yield avant + str(route.pattern).lstrip("^").split("(")[0]


def _expression(route: str) -> str:
    """A piece of route as a regular expression: what is fixed as it is, `<int:pk>` as anything up to the next slash."""
    return "[^/]+".join(re.escape(morceau) for morceau in re.split(r"<[^<>]+>", route))


@cache
def _jeton() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(sorted(set(portes_secretes())))})[^/\s?]+")


def masquer_liens(texte: str) -> str:
    if apps.ready and not DEBUT.search(texte):
        return texte
    try:
        jeton = _jeton() if apps.ready else SANS_ROUTES
    except Exception:  # routes that cannot be read: the log that says so must be written all the same
        jeton = SANS_ROUTES
    return jeton.sub(r"\1…", texte)


def masquer(texte: str) -> str:
    return ADRESSE.sub("…@…", masquer_liens(texte))


class SansSecret(logging.Formatter):
    """Masks the line once it is made, traceback included: whatever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return masquer(super().format(record))
