"""Email addresses: the mailbox behind an address, and the providers shared by many people.

No database, no request.
"""

import hashlib
import hmac
import unicodedata
from functools import cache
from pathlib import Path

from django.conf import settings

# Providers that ignore dots in the local part, and other domains of the same provider.
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


# Domain of closed accounts: the address is unique and reaches nobody.
DOMAINE_FERME = "ferme.invalid"


# Domain of accounts of people without a mailbox, who are written to by post. The address reaches nobody either.
DOMAINE_POSTE = "poste.invalid"


def est_fermee(courriel: str) -> bool:
    return courriel.endswith(f"@{DOMAINE_FERME}")


def est_par_poste(courriel: str) -> bool:
    return courriel.endswith(f"@{DOMAINE_POSTE}")


def est_sans_boite(courriel: str) -> bool:
    """Whether nothing sent to this address arrives: a closed account, or a person written to by post."""
    return est_fermee(courriel) or est_par_poste(courriel)


def canoniser(courriel: str) -> str:
    """Return the mailbox behind an address: without case, +tag, ignored dots and aliases of the provider."""
    boite, _, hote = unicodedata.normalize("NFKC", courriel).strip().lower().rpartition("@")
    try:
        hote = hote.rstrip(".").encode("idna").decode()
    except UnicodeError:
        hote = hote.rstrip(".")
    hote = MEME_BOITE.get(hote, hote)
    # Quotes and backslashes (RFC 5322) do not change the mailbox.
    boite = boite.replace('"', "").replace("\\", "") or boite
    boite = boite.partition("+")[0] or boite
    if hote in SANS_POINT:
        boite = boite.replace(".", "") or boite
    return f"{boite}@{hote}"[:254]


def empreinte(courriel: str, usage: str) -> str:
    """Return a keyed hash of the mailbox, different for each usage, to keep once the address is erased.

    With the database alone, nobody can test addresses against it, nor join the hashes of two usages.
    """
    cle = hmac.digest(settings.SECRET_KEY.encode(), f"adresses:{usage}".encode(), hashlib.sha256)
    return hmac.digest(cle, canoniser(courriel).encode(), hashlib.sha256)[:16].hex()


@cache
def fournisseurs_courants() -> frozenset[str]:
    """Return the domains of mail providers used by people who have nothing in common. Read from a file."""
    lus = (
        (Path(__file__).resolve().parents[1] / "donnees" / "fournisseurs.txt")
        .read_text(encoding="utf-8")
        .split()
    )
    return frozenset(lus)
