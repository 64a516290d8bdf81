"""The language of a page: that of its address, and of nothing else, so that caches may keep it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import translation

from participation.socle.langues import FRANCAIS, adresse_en, langue_de


class LangueMiddleware:
    """Write the page in the language of its address; what an agent or a member reads is in French, at its own address.

    The LocaleMiddleware of Django would also read a header of the browser: one address would then have several pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = langue_de(request.path_info)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            reponse = self.get_response(request)
        if code != FRANCAIS:
            reponse.headers.setdefault("Content-Language", code)
        return reponse

    def process_view(
        self, request: HttpRequest, vue: Callable[..., Any], places: Any, nommes: Any
    ) -> HttpResponseBase | None:
        if request.LANGUAGE_CODE == FRANCAIS or not getattr(vue, "login_required", True):
            return None
        return HttpResponseRedirect(adresse_en(request.get_full_path(), FRANCAIS))
