"""How often somebody may try: by mailbox from one network, by mailbox from everywhere, by network; never her own browser.

A stranger who spends the tries of an address spends those of his network alone. Counted in the shared cache, with allauth's
arithmetic; the numbers are in the settings.
"""

import time
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any
from uuid import uuid4

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse  # noqa: TID251 the type of what is counted

from participation.socle.adresses import canoniser, empreinte, fournisseurs_courants

COOKIE, USAGE = "appareil", "appareil"
PAS_LE_MIEN = "pas_mon_appareil"  # in the session, from the first page of a sign-in to its end
DUREE = 180 * 24 * 3600  # seconds that a browser stays known after a sign-in
COMPTES_CONNUS = 5  # on one browser


def tenter(request: HttpRequest, quoi: str, courriel: str) -> RateLimitUsage | None:
    """Count one try of `quoi` for this mailbox. None when there were too many; else what was counted, to be taken back."""
    boite, reseau = canoniser(courriel), reseau_de(request)
    appareil = _appareil(request)
    if empreinte(courriel, USAGE) in appareil["comptes"]:
        # Of this account before: whatever strangers do elsewhere, she comes in.
        return _compter(request, quoi, [("appareil", f"{appareil['numero']}|{boite}")])
    # Who insists on one mailbox spends its share, and not that of the whole network.
    portees = [("boite_et_reseau", f"{boite}|{reseau}"), ("reseau", reseau), ("boite", boite)]
    hote = boite.rpartition("@")[2]
    if f"{quoi}.domaine" in settings.LIMITES and hote not in fournisseurs_courants():
        # What anybody may have written to any address: the server of one domain is not flooded by us. A provider that half the
        # town shares is no such server: two hundred false addresses of it would silence all the others.
        portees.append(("domaine", hote))
    return _compter(request, quoi, portees)


def est_connu(request: HttpRequest, courriel: str) -> bool:
    """Has this browser signed in to this account, or opened the link of its mailbox?"""
    return empreinte(courriel, USAGE) in _appareil(request)["comptes"]


def tenter_aussi_sans_boite(request: HttpRequest, quoi: str, courriel: str) -> RateLimitUsage | None:
    """Count one try of what may be done without leaving an address: then by network alone."""
    if courriel:
        return tenter(request, quoi, courriel)
    return _compter(request, quoi, [("reseau", reseau_de(request))])


def est_epuise(request: HttpRequest, quoi: str) -> bool:
    """Has this network failed too often at `quoi`? Counts nothing: one read, without the lock under which counts are written.

    Behind one address a whole room may ask at once: none of it waits for another. Asked of what failed, never of what is right.
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
    """One failure more of this network: what succeeds is never counted, so that a whole room may share one address."""
    _compter(request, quoi, [("reseau", reseau_de(request))])


def _compter(request: HttpRequest, quoi: str, portees: list[tuple[str, str]]) -> RateLimitUsage | None:
    compte = RateLimitUsage(usage=[])
    for portee, cle in portees:
        action = f"{quoi}.{portee}"
        usage = ratelimit.consume(
            request, app="participation", action=action, config=settings.LIMITES, key=cle, limit_get=True
        )
        if usage is None:
            # What was refused is not counted: neither her own share nor that of her network is spent by it.
            compte.rollback()
            return None
        compte.usage.extend(usage.usage)
    return compte


def oublier(request: HttpRequest, quoi: str, courriel: str) -> None:
    """The owner of the mailbox has proved herself: what strangers tried in her name no longer holds her."""
    boite, reseau = canoniser(courriel), reseau_de(request)
    for portee, cle in (("boite_et_reseau", f"{boite}|{reseau}"), ("boite", boite)):
        ratelimit.clear(
            request, app="participation", action=f"{quoi}.{portee}", config=settings.LIMITES, key=cle
        )


def reseau_de(request: HttpRequest) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: what one subscriber may move about in."""
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


def reconnaitre(request: HttpRequest, reponse: HttpResponse, courriel: str) -> None:
    """This browser has just signed in to the account, or shown that it reads its mail: a signed cookie says so, without its address."""
    appareil = _appareil(request)
    comptes = list(dict.fromkeys([empreinte(courriel, USAGE), *appareil["comptes"]]))[:COMPTES_CONNUS]
    reponse.set_cookie(
        COOKIE,
        signing.dumps({"numero": appareil["numero"] or uuid4().hex, "comptes": comptes}, salt=USAGE),
        max_age=DUREE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
