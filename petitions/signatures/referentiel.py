"""Communes and known networks, needed by every signature: cached for a minute in the process."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from participation.socle.bd.cache import une_minute
from participation.socle.langues import EnFrancais
from participation.socle.models import Commune
from petitions.models import ReseauConnu


def _communes() -> dict[str, str]:
    """Return {code: name} in French order. An empty result is not cached."""
    lues = une_minute("communes", lambda: dict(Commune.objects.values_list("code_insee", "nom")) or None)
    return lues or {}


def _reseaux() -> list[tuple[int, IPv4Network | IPv6Network]]:
    return [
        (pk, ip_network(plage, strict=False)) for pk, plage in ReseauConnu.objects.values_list("pk", "plage")
    ]


def choix_communes() -> list[tuple[str, str]]:
    """Return (code, name) pairs in French order."""
    return [(code, EnFrancais(nom)) for code, nom in _communes().items()]


def est_une_commune(code: str) -> bool:
    return code in _communes()


def reseau_connu(ip: str) -> int | None:
    """Return the key of the known network (town hall, library) of an IP address, or None."""
    reseaux = une_minute("reseaux_connus", _reseaux)
    if not reseaux:
        return None
    try:
        adresse = ip_address(ip)
    except ValueError:
        return None
    return next((pk for pk, plage in reseaux if adresse in plage), None)
