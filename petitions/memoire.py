"""What every request needs and almost never changes, kept a minute in the process: the communes, the known networks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Generic, TypeVar

from participation.socle.models import Commune
from petitions.models import ReseauConnu

T = TypeVar("T")
DUREE = 60.0  # seconds


@dataclass
class Memoire(Generic[T]):
    """A value read again when it is older than DUREE; an empty one is never kept."""

    lire: Callable[[], T]
    valeur: T | None = None
    jusqu_a: float = 0.0

    def __call__(self) -> T:
        if self.valeur is None or time.monotonic() > self.jusqu_a:
            self.valeur, self.jusqu_a = self.lire(), time.monotonic() + DUREE
        return self.valeur

    def oublier(self) -> None:
        self.valeur = None


def _lire_communes() -> dict[str, str] | None:
    return dict(Commune.objects.values_list("code_insee", "nom")) or None


def _lire_reseaux() -> list[tuple[int, IPv4Network | IPv6Network]]:
    return [
        (pk, ip_network(plage, strict=False)) for pk, plage in ReseauConnu.objects.values_list("pk", "plage")
    ]


_communes = Memoire(_lire_communes)
_reseaux = Memoire(_lire_reseaux)


def choix_communes() -> list[tuple[str, str]]:
    """(code, name) in French order."""
    return list((_communes() or {}).items())


def est_une_commune(code: str) -> bool:
    return code in (_communes() or {})


def reseau_connu(ip: str) -> int | None:
    """The known network (town hall, library) that an address belongs to."""
    reseaux = _reseaux()
    if not reseaux:
        return None
    try:
        adresse = ip_address(ip)
    except ValueError:
        return None
    return next((pk for pk, plage in reseaux if adresse in plage), None)


def oublier() -> None:
    """After a change of the reference tables in this process; the others see it within a minute."""
    _communes.oublier()
    _reseaux.oublier()
