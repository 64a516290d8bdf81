"""Limits on attempts: by mailbox and network, by mailbox, by network; a known browser has its own.

The attempts of a stranger on somebody's address use up only what their own network is allowed. Counted in the
shared cache with the functions of allauth; the numbers are in the settings.
"""

import hashlib
import time
from collections.abc import Callable
from functools import lru_cache, partial
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any
from uuid import uuid4

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from participation.socle.courriels import porte
from participation.socle.regles.adresses import canoniser, empreinte, fournisseurs_courants

COOKIE, USAGE = "appareil", "appareil"


PAS_LE_MIEN = "pas_mon_appareil"  # kept in the session from the first page of a sign-in to its end


DUREE = 180 * 24 * 3600  # seconds that a browser stays known after a sign-in


PAR_LIEN = "lien."  # begins the number of a browser that only the link of a letter made known


COMPTES_CONNUS = 5  # on one browser


def tenter(request: HttpRequest, quoi: str, courriel: str) -> RateLimitUsage | None:
    """Count an attempt at `quoi` for this mailbox.

    Return None when there were too many; else what was counted, so that it can be cancelled.
    """
    boite, reseau = canoniser(courriel), reseau_de(request)
    appareil = _appareil(request)
    if empreinte(courriel, USAGE) in appareil["comptes"]:
        # A browser known for this account has its own limit, whatever strangers do elsewhere.
        return _compter(request, quoi, [("appareil", f"{appareil['numero']}|{boite}")])
    # Checked in this order: many attempts on one mailbox use up its limit before that of the whole network.
    portees = [("boite_et_reseau", f"{boite}|{reseau}"), ("reseau", reseau), ("boite", boite)]
    hote = boite.rpartition("@")[2]
    if f"{quoi}.domaine" in settings.LIMITES and hote not in fournisseurs_courants():
        # Anybody may ask for a letter to any address: the mail server of one domain must not be flooded.
        # Large shared providers are left out: two hundred false addresses would block everybody else who uses
        # them.
        portees.append(("domaine", hote))
    return _compter(request, quoi, portees)


def est_connu(request: HttpRequest, courriel: str) -> bool:
    """Whether this browser has signed in to this account, or opened the link sent to its mailbox."""
    return empreinte(courriel, USAGE) in _appareil(request)["comptes"]


def tenter_aussi_sans_boite(request: HttpRequest, quoi: str, courriel: str) -> RateLimitUsage | None:
    """Count an attempt; without an address, by network only."""
    if courriel:
        return tenter(request, quoi, courriel)
    return _compter(request, quoi, [("reseau", reseau_de(request))])


def est_epuise(request: HttpRequest, quoi: str) -> bool:
    """Whether this network failed too often at `quoi`. Call it after a failure only.

    It counts nothing and takes no lock, so that a whole room behind one network address does not wait.
    """
    action, reseau = f"{quoi}.reseau", reseau_de(request)
    for debit in _debits(settings.LIMITES[action]):
        cle = ratelimit.get_cache_key(request, app="participation", action=action, rate=debit, key=reseau)
        echecs = cache.get(cle)
        if echecs and not ratelimit.apply_rate(echecs, time.time(), debit, dry_run=True)[0]:
            return True
    return False


@lru_cache
def _debits(mots: str) -> tuple[ratelimit.Rate, ...]:
    return tuple(ratelimit.parse_rates(mots))


def compter_echec(request: HttpRequest, quoi: str) -> None:
    """Count a failure of this network.

    Successes are never counted, so that a whole room may share one address.
    """
    _compter(request, quoi, [("reseau", reseau_de(request))])


def _compter(request: HttpRequest, quoi: str, portees: list[tuple[str, str]]) -> RateLimitUsage | None:
    compte = RateLimitUsage(usage=[])
    for portee, cle in portees:
        action = f"{quoi}.{portee}"
        usage = ratelimit.consume(
            request, app="participation", action=action, config=settings.LIMITES, key=cle, limit_get=True
        )
        if usage is None:
            # A refused attempt is not counted: it uses up neither the limit of the mailbox nor that of the
            # network.
            compte.rollback()
            return None
        compte.usage.extend(usage.usage)
    return compte


def oublier(request: HttpRequest, quoi: str, courriel: str) -> None:
    """Forget the attempts on this mailbox: its owner has just proved their identity."""
    boite, reseau = canoniser(courriel), reseau_de(request)
    for portee, cle in (("boite_et_reseau", f"{boite}|{reseau}"), ("boite", boite)):
        ratelimit.clear(
            request, app="participation", action=f"{quoi}.{portee}", config=settings.LIMITES, key=cle
        )


def reseau_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Tell the gate of letters from which network this request comes, so that no act can forget to."""

    def dire(request: HttpRequest) -> HttpResponse:
        avant = porte.RESEAU.set(partial(reseau_de, request) if request.method == "POST" else str)
        try:
            return get_response(request)
        finally:
            porte.RESEAU.reset(avant)

    return dire


def reseau_de(request: HttpRequest) -> str:
    """Return the /24 of an IPv4 address, or the /48 of an IPv6 one: the range that one subscriber may have."""
    ip = str(ratelimit.get_ip(request))
    try:
        adresse = ip_address(ip)
    except ValueError:
        return ip
    return str(ip_network((adresse, 24 if isinstance(adresse, IPv4Address) else 48), strict=False))


# Known browsers
def _appareil(request: HttpRequest) -> dict[str, Any]:
    try:
        lu = signing.loads(request.COOKIES.get(COOKIE, ""), salt=USAGE, max_age=DUREE)
    except signing.BadSignature:
        lu = None
    return lu if isinstance(lu, dict) and {"numero", "comptes"} <= set(lu) else {"numero": "", "comptes": []}


def reconnaitre(request: HttpRequest, reponse: HttpResponse, courriel: str, *, lien: str = "") -> None:
    """Record in a signed cookie that this browser signed in to the account or read its mail.

    The cookie holds a hash, not the address. `lien`: the link of the letter. All the browsers that it opened share
    one limit until they sign in: who was passed the link has no more attempts with more browsers.
    """
    appareil = _appareil(request)
    numero = "" if appareil["numero"].startswith(PAR_LIEN) else appareil["numero"]
    if lien:
        numero = f"{PAR_LIEN}{hashlib.sha256(lien.encode()).hexdigest()[:32]}"
    comptes = list(dict.fromkeys([empreinte(courriel, USAGE), *appareil["comptes"]]))[:COMPTES_CONNUS]
    reponse.set_cookie(
        COOKIE,
        signing.dumps({"numero": numero or uuid4().hex, "comptes": comptes}, salt=USAGE),
        max_age=DUREE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
