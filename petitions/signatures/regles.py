"""Addresses and names of signers compared, hashes of their networks, and the pace at which signatures come."""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING

from django.conf import settings

from participation.socle.francais import accorder, nombre, pourcentage

if TYPE_CHECKING:
    from petitions.models import ReglageFraude


FAUTES = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmal.com": "gmail.com",
    "gamil.com": "gmail.com",
    "gnail.com": "gmail.com",
    "gmail.fr": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.co": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "hotmai.com": "hotmail.com",
    "hormail.com": "hotmail.com",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "yaho.fr": "yahoo.fr",
    "yahou.fr": "yahoo.fr",
    "yhaoo.fr": "yahoo.fr",
    "ornage.fr": "orange.fr",
    "orage.fr": "orange.fr",
    "organge.fr": "orange.fr",
    "wanado.fr": "wanadoo.fr",
    "laposte.ney": "laposte.net",
    "laposte.fr": "laposte.net",
    "fre.fr": "free.fr",
    "sfr.ft": "sfr.fr",
}


def domaine(courriel: str) -> str:
    return courriel.rpartition("@")[2].strip().lower()


def domaine_principal(courriel: str) -> str:
    """Return the last two labels of the domain: the owner of a domain can create any number of subdomains."""
    return ".".join(domaine(courriel).split(".")[-2:])


def suggestion(courriel: str) -> str:
    """Return the corrected address when its domain is a known typing error, or ""."""
    boite, _, hote = courriel.strip().rpartition("@")
    correct = FAUTES.get(hote.lower())
    return f"{boite}@{correct}" if correct else ""


def nom_canonique(prenom: str, nom: str) -> str:
    """Return the same text for every spelling of a name.

    Accents, case, hyphens and order are ignored (prénom and nom are often swapped).
    """
    plat = unicodedata.normalize("NFKD", f"{prenom} {nom}").casefold()
    lettres = "".join(
        c if c.isalpha() else " " if not unicodedata.combining(c) and c not in "'’" else "" for c in plat
    )
    return " ".join(sorted(lettres.split()))[:160]


@lru_cache(maxsize=4)
def _cle(mois: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), f"petitions.empreinte:{mois}".encode(), hashlib.sha256)


def _hacher(texte: str, jour: date) -> str:
    return hmac.digest(_cle(jour.isoformat()[:7]), texte.encode(), hashlib.sha256)[:16].hex()


@lru_cache(maxsize=2048)
def _plages(ip: str) -> tuple[str, str]:
    adresse = ip_address(ip)
    if isinstance(adresse, IPv4Address):
        return ip, str(ip_network((adresse, 24), strict=False))
    return str(ip_network((adresse, 64), strict=False)), str(ip_network((adresse, 48), strict=False))


def empreintes(ip: str, jour: date) -> tuple[str, str]:
    """Return the hashes of an IP address and of its network, or two empty texts when the address is invalid.

    The key depends on the secret and on the month: no IP address is kept, and hashes of two months cannot be
    linked. For IPv6, the subscriber is a /64 and the network a /48; for IPv4, the subscriber is the address
    and the network a /24.
    """
    try:
        adresse, reseau = _plages(ip)
    except ValueError:
        return "", ""
    return _hacher(adresse, jour), _hacher(reseau, jour)


@dataclass(frozen=True, slots=True)
class Arrivees:
    """How the signatures asked online arrived.

    `lieux`: (« du domaine … », number) for the largest rare domain and for the largest network.
    """

    total: int
    recentes: int  # within the period of the settings
    heures_avant: float  # hours between the opening and the beginning of that period
    lieux: Sequence[tuple[str, int]] = ()

    def rythme_avant(self, heures: int) -> float:
        """Return the earlier number of signatures for a period of `heures` hours."""
        return (self.total - self.recentes) * heures / self.heures_avant if self.heures_avant > 0 else 0.0


def raisons_d_attendre(signatures: int, arrivees: Arrivees, reglage: "ReglageFraude") -> list[str]:
    """Return the reasons why the threshold must wait for an agent; empty when nothing is unusual.

    `signatures`: number that the threshold requires.
    """
    raisons = []
    avant = arrivees.rythme_avant(reglage.seuil_heures)
    part = 100 * arrivees.recentes / signatures if signatures else 0
    if part >= reglage.seuil_part and arrivees.recentes >= reglage.seuil_facteur * avant:
        raisons.append(
            f"{nombre(arrivees.recentes)} signatures en ligne confirmées en {accorder(reglage.seuil_heures, 'heure')} "
            f"({pourcentage(round(part))} de ce que le seuil demande) ; avant, {nombre(round(avant))} pour la même durée."
        )
    raisons += [
        f"{pourcentage(round(100 * combien / arrivees.total))} des signatures en ligne viennent {lieu} ({nombre(combien)})."
        for lieu, combien in arrivees.lieux
        if 100 * combien > reglage.seuil_concentration * arrivees.total
    ]
    return raisons
