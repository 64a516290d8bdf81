"""Public pages, which are the same for all and set no cookie.

The process keeps each under the version that its view read with one query. nginx keeps the whole answer for the seconds of its Cache-Control (`deploy/nginx`).
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from participation.socle.bd.cache import garder
from participation.socle.langues import en_francais, langue

FRAICHEUR_PAGE = "public, max-age=10, stale-while-revalidate=60, stale-if-error=300"


FRAICHEUR_LISTE = "public, max-age=30, stale-while-revalidate=120, stale-if-error=300"


# Age limit of what the key of a page does not cover: menu, accessibility mention, words of the règlement.
DUREE = 600  # seconds


# Headers that let another site read an answer: a 304 must have them too.
PARTAGE = ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")


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
    cle = cle if en_francais() else f"{langue()}:{cle}"

    def lire() -> tuple[bytes, str]:
        rendue = rendre()
        corps = rendue.encode() if isinstance(rendue, str) else rendue
        return corps, quote_etag(hashlib.md5(corps, usedforsecurity=False).hexdigest())

    corps, etag = garder("pages", cle, DUREE, lire)
    le = int(modifiee_le.timestamp())
    reponse = HttpResponse(corps, content_type=content_type)
    reponse["ETag"], reponse["Last-Modified"], reponse["Cache-Control"] = etag, http_date(le), fraicheur
    return get_conditional_response(request, etag=etag, last_modified=le, response=reponse) or reponse


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
