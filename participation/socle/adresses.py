"""The mailbox behind an address of mail, however it is written, and whom it is shared with. No database, no request."""

import hashlib
import hmac
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

# Providers that ignore dots in the local part; names under which one provider gives the same mailbox.
SANS_POINT = frozenset({"gmail.com", "proton.me"})
MEME_BOITE = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
}
# Of the accounts that are closed: an address that differs from all others, and reaches nobody.
DOMAINE_FERME = "ferme.invalid"


def est_fermee(courriel: str) -> bool:
    return courriel.endswith(f"@{DOMAINE_FERME}")


def canoniser(courriel: str) -> str:
    """The mailbox behind an address: case, +tag, and the dots and aliases that its provider ignores."""
    boite, _, hote = unicodedata.normalize("NFKC", courriel).strip().lower().rpartition("@")
    try:
        hote = hote.rstrip(".").encode("idna").decode()
    except UnicodeError:
        hote = hote.rstrip(".")
    hote = MEME_BOITE.get(hote, hote)
    # Quotes and backslashes of RFC 5322 name the same mailbox.
    boite = boite.replace('"', "").replace("\\", "") or boite
    boite = boite.partition("+")[0] or boite
    if hote in SANS_POINT:
        boite = boite.replace(".", "") or boite
    return f"{boite}@{hote}"[:254]


def empreinte(courriel: str, usage: str) -> str:
    """What may be kept of a mailbox once the address itself is forgotten: keyed, and of one usage only.

    Who reads the database alone cannot try addresses against it, nor join what two usages kept.
    """
    cle = hmac.digest(settings.SECRET_KEY.encode(), f"adresses:{usage}".encode(), hashlib.sha256)
    return hmac.digest(cle, canoniser(courriel).encode(), hashlib.sha256)[:16].hex()


@cache
def fournisseurs_courants() -> frozenset[str]:
    """The domains under which people who have nothing in common have their mail, as they are delivered."""
    lus = (Path(__file__).parent / "donnees" / "fournisseurs.txt").read_text(encoding="utf-8").split()
    return frozenset(lus)
