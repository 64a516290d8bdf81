"""HTTP that no view should repeat: who is asking, what an act's refusal looks like, what frames every page."""

from collections.abc import Callable
from functools import lru_cache, wraps
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Compte

Vue = Callable[..., HttpResponseBase]


class RequeteConnectee(HttpRequest):
    """A request whose visitor is signed in (the default: LoginRequiredMiddleware)."""

    user: Compte


def reserve_a(*roles: str) -> Callable[[Vue], Vue]:
    """403 unless the signed-in person holds one of these roles today."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not isinstance(request.user, Compte) or not request.user.roles & set(roles):
                raise PermissionDenied
            return vue(request, *args, **kwargs)

        return gardee

    return decorer


def publique(vue: Vue) -> Vue:
    """Open to all, without an account."""
    return login_not_required(vue)


@lru_cache(maxsize=8)
def _reseaux(adresses: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(adresse, strict=False) for adresse in adresses)


def _adresse(texte: str) -> IPv4Address | IPv6Address | None:
    """The address written so by a proxy; IPv6-mapped IPv4 is the same client as the plain IPv4."""
    try:
        lue = ip_address(texte.strip())
    except ValueError:
        return None
    return getattr(lue, "ipv4_mapped", None) or lue


def adresse_client(request: HttpRequest) -> str:
    """The address that asks. X-Forwarded-For is only believed from settings.TRUSTED_PROXIES, from right to left.

    Each trusted proxy names whom it heard from; the first name that is not a trusted proxy is the client. Anything
    unreadable gives REMOTE_ADDR back: a header that a client forges never chooses its own address.
    """
    directe = str(request.META.get("REMOTE_ADDR", ""))
    proxys = _reseaux(tuple(settings.TRUSTED_PROXIES))
    adresse = _adresse(directe)
    if adresse is None or not any(adresse in reseau for reseau in proxys):
        return str(adresse or directe)
    for nom in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        nommee = _adresse(nom)
        if nommee is None:
            break
        if not any(nommee in reseau for reseau in proxys):
            return str(nommee)
    return str(adresse)


class ConnexionRequiseMiddleware(LoginRequiredMiddleware):
    """Django's own, asking the view before the visitor: a public page never reads the session, so that caches may keep it."""

    def process_view(
        self, request: HttpRequest, view_func: Vue, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ErreursMetierMiddleware:
    """An act refused by the table is a page, never a crash: 409 when somebody acted before, 403 without the role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, ActeInterdit):
            return render(request, "409.html", {"message": exception.message}, status=409)
        if isinstance(exception, RoleInsuffisant):
            return render(request, "403.html", {"message": exception.message}, status=403)
        return None


def cadre(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: nothing here may touch the session, so that public pages stay cacheable."""
    return {}
