"""Caches of public pages, which are the same for all and set no cookie. Both are in the process.

`page_en_cache` keeps a page under the version that its view read with one query. `CachePagesMiddleware` gives
a whole answer again for a second, without any query.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

FRAICHEUR_PAGE = "public, max-age=10, stale-while-revalidate=60, stale-if-error=300"
FRAICHEUR_LISTE = "public, max-age=30, stale-while-revalidate=120, stale-if-error=300"
# Age limit of what the key of a page does not cover: menu, accessibility mention, words of the règlement.
DUREE = 600  # seconds
PAGES = 300  # answers kept at most by each process
# Headers that let another site read an answer: a 304 must have them too.
PARTAGE = ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")
CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)


@dataclass(frozen=True, slots=True)
class ReponseGardee:
    """A whole answer, with the headers set by every middleware below."""

    jusqu_a: float  # time.monotonic()
    corps: bytes
    entetes: dict[str, str]


def la_meme_pour_tous(reponse: HttpResponse) -> HttpResponse:
    """Mark an answer as depending on its URL alone, not on the visitor nor on the headers of the request."""
    reponse.la_meme_pour_tous = True  # type: ignore[attr-defined]
    return reponse


def page_en_cache(
    request: HttpRequest,
    cle: str,
    modifiee_le: datetime,
    rendre: Callable[[], str | bytes],
    *,
    content_type: str = "text/html; charset=utf-8",
    fraicheur: str = FRAICHEUR_PAGE,
) -> HttpResponseBase:
    """Return the page of this key, rendered at most once per process; 304 when the browser already has it.

    `cle` includes the version of what the page shows; `modifiee_le` is the instant of that version.
    """
    gardee = caches["pages"].get(cle)
    if gardee is None:
        rendue = rendre()
        corps = rendue.encode() if isinstance(rendue, str) else rendue
        gardee = corps, quote_etag(hashlib.md5(corps, usedforsecurity=False).hexdigest())
        caches["pages"].set(cle, gardee, DUREE)
    corps, etag = gardee
    le = int(modifiee_le.timestamp())
    reponse = la_meme_pour_tous(HttpResponse(corps, content_type=content_type))
    reponse["ETag"], reponse["Last-Modified"], reponse["Cache-Control"] = etag, http_date(le), fraicheur
    return get_conditional_response(request, etag=etag, last_modified=le, response=reponse) or reponse


class CachePagesMiddleware:
    """Give the same answer again for settings.CACHE_PAGES_SECONDES seconds, well below its own Cache-Control.

    Only answers marked by `la_meme_pour_tous` are kept, under their scheme and host, once they have passed
    every check. Placed right after SecurityMiddleware, which redirects to HTTPS first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.gardees: dict[tuple[str | None, str | None, str], ReponseGardee] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or request.META.get("QUERY_STRING") or not settings.CACHE_PAGES_SECONDES:
            return self.get_response(request)
        cle = (request.scheme, request.META.get("HTTP_HOST"), request.path_info)
        gardee = self.gardees.get(cle)
        maintenant = time.monotonic()
        if gardee is not None and maintenant < gardee.jusqu_a and request.META.keys().isdisjoint(CONDITIONS):
            return HttpResponse(gardee.corps, headers=gardee.entetes)
        reponse = self.get_response(request)
        if isinstance(reponse, HttpResponse) and _se_garde(reponse):
            if len(self.gardees) >= PAGES:
                self.gardees.clear()
            jusqu_a = maintenant + settings.CACHE_PAGES_SECONDES
            self.gardees[cle] = ReponseGardee(jusqu_a, reponse.content, dict(reponse.items()))
        return reponse


class EtiquettesMiddleware(ConditionalGetMiddleware):
    """Answer 304 when the browser already has a public answer (lists, feeds, calendars, data).

    Personal pages are left out: they change at each request.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if "public" not in response.get("Cache-Control", ""):
            return response
        rendue: HttpResponseBase = super().process_response(request, response)
        for entete in PARTAGE:
            if rendue is not response and response.has_header(entete):
                rendue[entete] = response[entete]
        return rendue


def _se_garde(reponse: HttpResponse) -> bool:
    return (
        getattr(reponse, "la_meme_pour_tous", False)
        and reponse.status_code == 200
        and not reponse.cookies
        and not reponse.has_header("Vary")
    )
