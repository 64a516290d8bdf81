"""Public pages that thousands read in the same second: answered before anything is asked of the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PAGES = 300  # kept at most by each process
CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)


@dataclass(frozen=True, slots=True)
class Prete:
    """A whole answer, with the headers that every middleware below has set."""

    jusqu_a: float  # time.monotonic()
    corps: bytes
    entetes: dict[str, str]


def la_meme_pour_tous(reponse: HttpResponse) -> HttpResponse:
    """Say of an answer that it depends on its address alone: not on who reads, nor on what the browser sends."""
    reponse.la_meme_pour_tous = True  # type: ignore[attr-defined]
    return reponse


class PagesPretesMiddleware:
    """Give the same answer again for settings.PAGES_PRETES seconds, far less than its Cache-Control lets any cache do.

    Only what a view has said to be `la_meme_pour_tous` is kept, under its host and scheme: those of an answer that passed
    every check. Right after SecurityMiddleware, which redirects to HTTPS first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.pretes: dict[tuple[str | None, str | None, str], Prete] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "GET" or request.META.get("QUERY_STRING") or not settings.PAGES_PRETES:
            return self.get_response(request)
        cle = (request.scheme, request.META.get("HTTP_HOST"), request.path_info)
        prete = self.pretes.get(cle)
        maintenant = time.monotonic()
        if prete is not None and maintenant < prete.jusqu_a and request.META.keys().isdisjoint(CONDITIONS):
            return HttpResponse(prete.corps, headers=prete.entetes)
        reponse = self.get_response(request)
        if isinstance(reponse, HttpResponse) and _se_garde(reponse):
            if len(self.pretes) >= PAGES:
                self.pretes.clear()
            jusqu_a = maintenant + settings.PAGES_PRETES
            self.pretes[cle] = Prete(jusqu_a, reponse.content, dict(reponse.items()))
        return reponse


def _se_garde(reponse: HttpResponse) -> bool:
    return (
        getattr(reponse, "la_meme_pour_tous", False)
        and reponse.status_code == 200
        and not reponse.cookies
        and not reponse.has_header("Vary")
    )
