"""Voting codes: how they are drawn, written, read and hashed. No database."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

ALPHABET: Final = "ACDEFGHJKLMNPQRTUVWXY34679"  # no two letters that look alike
LONGUEUR: Final = 12  # the last character is a checksum, to report typing mistakes
GROUPE: Final = 4


def tirer() -> str:
    """Return a new random code (51 bits), without hyphens."""
    corps = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR - 1))
    return corps + _controle(corps)


def ecrire(code: str) -> str:
    """Format a code as « ACDE-FGHJ-KLMN »."""
    return "-".join(code[n : n + GROUPE] for n in range(0, len(code), GROUPE))


def lire(saisie: str) -> str:
    """Return the typed code without spaces or hyphens, in capitals; "" when it cannot be a code."""
    code = "".join(saisie.split()).replace("-", "").replace("\u2013", "").upper()
    if len(code) != LONGUEUR or not set(code) <= set(ALPHABET) or _controle(code[:-1]) != code[-1]:
        return ""
    return code


def _controle(corps: str) -> str:
    # Odd weights, none a multiple of 13: a wrong letter is always detected, two swapped neighbours nearly
    # always.
    somme = sum((2 * rang + 1) * ALPHABET.index(lettre) for rang, lettre in enumerate(corps) if rang != 6)
    somme += 25 * ALPHABET.index(corps[6])
    return ALPHABET[somme % len(ALPHABET)]


def empreinte(code: str, sel: str, cle: bytes) -> str:
    """Return the keyed, salted hash of a code: with the database alone, nobody can test codes against it."""
    return hmac.digest(cle, f"{sel}:{code}".encode(), hashlib.sha256).hex()


def dans_mon_ordre(numeros: Sequence[int], code: str, sel: str) -> list[int]:
    """Return the order of the projects for this code: the same on every screen, different for each voter."""
    return sorted(
        numeros, key=lambda numero: hashlib.sha256(f"ordre:{sel}:{code}:{numero}".encode()).digest()
    )
