"""What a request says of who sent it: account, address, numbers."""

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeGuard

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from participation.socle.models import Compte

Vue = Callable[..., HttpResponseBase]


class RequeteConnectee(HttpRequest):
    """A request whose visitor is signed in (the default: LoginRequiredMiddleware)."""

    user: Compte


@lru_cache(maxsize=8)
def _reseaux(adresses: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(adresse, strict=False) for adresse in adresses)


def _adresse(texte: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address in this text, or None. An IPv4 address mapped to IPv6 is returned as IPv4."""
    try:
        lue = ip_address(texte.strip())
    except ValueError:
        return None
    return getattr(lue, "ipv4_mapped", None) or lue


def adresse_client(request: HttpRequest) -> str:
    """Return the IP address of the client. X-Forwarded-For is trusted only from settings.TRUSTED_PROXIES.

    The header is read from right to left: each trusted proxy names the address it received the request from,
    and the first one that is not a trusted proxy is the client. When an entry cannot be read, the address of
    the proxy is returned: a forged header never chooses the address.
    """
    directe = str(request.META.get("REMOTE_ADDR", ""))
    proxys = _reseaux(tuple(settings.TRUSTED_PROXIES))
    adresse = _adresse(directe)
    if adresse is None or not any(adresse in reseau for reseau in proxys):
        return str(adresse or directe)
    for nom in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        nommee = _adresse(nom)
        if nommee is None or not any(nommee in reseau for reseau in proxys):
            return str(nommee or adresse)
    return str(adresse)


def est_un_numero(valeur: str | None) -> TypeGuard[str]:
    """Whether the text of a URL or of a form is a primary key: at most 18 ASCII digits.

    `isdigit` also accepts « ² » and thousands of digits.
    """
    return valeur is not None and valeur.isascii() and valeur.isdigit() and len(valeur) < 19
