"""Writing of a ballot and of a code, in a few characters, and their checks."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext

from participation.budgets.depouillement import Choix
from participation.socle.langues import plus_tard as _
from participation.socle.regles.textes import code_tape

MORCEAU = re.compile(r"([1-9]\d{0,3}):([1-9]\d{0,2})")
COUPE = _("Ce bulletin ne se lit pas.")


class BulletinRefuse(ValueError):
    """Ballot that cannot be accepted; the message says why."""


def ecrire_bulletin(points: Mapping[int, int]) -> str:
    """Format a ballot as « 3:1,7:4 » (project number:points), by number; "" for a blank ballot."""
    return ",".join(f"{numero}:{donnes}" for numero, donnes in sorted(points.items()) if donnes)


def lire_bulletin(choix: str) -> dict[int, int]:
    """Parse what `ecrire` wrote. Raises BulletinRefuse."""
    lus: dict[int, int] = {}
    for morceau in filter(None, choix.split(",")):
        trouve = MORCEAU.fullmatch(morceau)
        if trouve is None or int(trouve[1]) in lus:
            raise BulletinRefuse(gettext(COUPE))
        lus[int(trouve[1])] = int(trouve[2])
    return lus


def verifier_bulletin(
    lus: Mapping[int, int], *, numeros: Collection[int], nombre_max: int, points: int
) -> None:
    """Check a ballot.

    `points` is the total to give, or 0 when projects are only ticked. Raises BulletinRefuse.
    """
    if not set(lus) <= set(numeros):
        raise BulletinRefuse(gettext("Un projet de ce bulletin n’est pas soumis au vote."))
    if len(lus) > nombre_max:
        raise BulletinRefuse(
            gettext("Projets choisis : %(nombre)s. Au plus : %(maximum)s. À retirer : %(trop)s.")
            % _de_trop(len(lus), nombre_max)
        )
    somme = sum(lus.values())
    if points and somme > points:
        raise BulletinRefuse(
            gettext("Points donnés : %(nombre)s. Au plus : %(maximum)s. À retirer : %(trop)s.")
            % _de_trop(somme, points)
        )
    if not points and any(donnes != 1 for donnes in lus.values()):
        raise BulletinRefuse(gettext(COUPE))


def _de_trop(nombre: int, maximum: int) -> dict[str, int]:
    return {"nombre": nombre, "maximum": maximum, "trop": nombre - maximum}


def pour_le_compte(choix: str) -> Choix:
    """Return the ballot in the format of `participation.budgets.depouillement`."""
    return tuple(sorted((str(numero), donnes) for numero, donnes in lire_bulletin(choix).items()))


ALPHABET: Final = "ACDEFGHJKLMNPQRTUVWXY34679"  # no two letters that look alike
LONGUEUR: Final = 12  # the last character is a checksum, to report typing mistakes
GROUPE: Final = 4


def tirer_code() -> str:
    """Return a new random code (51 bits), without hyphens."""
    corps = "".join(secrets.choice(ALPHABET) for _ in range(LONGUEUR - 1))
    return corps + _controle(corps)


def ecrire_code(code: str) -> str:
    """Format a code as « ACDE-FGHJ-KLMN »."""
    return "-".join(code[n : n + GROUPE] for n in range(0, len(code), GROUPE))


def lire_code(saisie: str) -> str:
    """Return the typed code in capitals, without hyphens nor the marks of a letter in Arabic; "" when it cannot be a code."""
    code = code_tape(saisie)
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
