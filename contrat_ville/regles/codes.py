"""The codes that give a vote: how they are written, and what is kept of them. Pure."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

ALPHABET: Final = "ACDEFGHJKLMNPQRTUVWXY34679"  # no letter that is read as another
LONGUEUR: Final = 12  # the last one checks the others: a typing mistake is said as such
GROUPE: Final = 4


def tirer() -> str:
    """A new code, without its hyphens: 51 bits of chance."""
    corps = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR - 1))
    return corps + _controle(corps)


def ecrire(code: str) -> str:
    """« ACDE-FGHJ-KLMN »."""
    return "-".join(code[n : n + GROUPE] for n in range(0, len(code), GROUPE))


def lire(saisie: str) -> str:
    """What was typed, without spaces, hyphens or case; "" when it cannot be a code."""
    code = "".join(saisie.split()).replace("-", "").replace("\u2013", "").upper()
    if len(code) != LONGUEUR or not set(code) <= set(ALPHABET) or _controle(code[:-1]) != code[-1]:
        return ""
    return code


def _controle(corps: str) -> str:
    # Odd weights, none a multiple of 13: a wrong letter is always seen, two neighbours exchanged nearly always.
    somme = sum((2 * rang + 1) * ALPHABET.index(lettre) for rang, lettre in enumerate(corps) if rang != 6)
    somme += 25 * ALPHABET.index(corps[6])
    return ALPHABET[somme % len(ALPHABET)]


def empreinte(code: str, sel: str, cle: bytes) -> str:
    """What is kept of a code: keyed and salted, so that the database alone lets nobody try codes against it."""
    return hmac.digest(cle, f"{sel}:{code}".encode(), hashlib.sha256).hex()


def dans_mon_ordre(numeros: Sequence[int], code: str, sel: str) -> list[int]:
    """The order of the projects for who has this code: the same on each of her screens, another for everybody else."""
    return sorted(
        numeros, key=lambda numero: hashlib.sha256(f"ordre:{sel}:{code}:{numero}".encode()).digest()
    )
