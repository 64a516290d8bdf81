"""Amounts of money as people and files write them, read to the cent. Decimal only."""

import re
from decimal import Decimal, InvalidOperation

CENTIME = Decimal("0.01")
MAXIMUM = Decimal("999999999.99")  # limit of the column
ECRITURE = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?")
EXPOSANT = re.compile(r"\d[.,]?\s*[eE][-+\d]")
ESPACES = re.compile(r"[\s\u00a0\u202f’']+")


# In « 1.234,50 » and « 1,234.50 », the last mark is the decimal one.
MILLIERS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*(?!\1)([.,]\d*)?")


class MontantInvalide(ValueError):
    """Amount that cannot be accepted. Its message is shown to the person."""


def montant_de(valeur: Decimal | int | str | None) -> Decimal:
    """Return an amount in euros, to the cent. Raises MontantInvalide with the sentence to show."""
    if isinstance(valeur, float):
        raise TypeError("An amount is never a float.")
    if valeur is None or (isinstance(valeur, str) and not valeur.strip()):
        raise MontantInvalide("Écrivez un montant.")
    montant = _lire(valeur) if isinstance(valeur, str) else Decimal(valeur)
    if not montant.is_finite():
        raise MontantInvalide("Ce montant n’est pas un nombre. Écrivez-le ainsi : 1 234,50.")
    if montant < 0:
        raise MontantInvalide("Un montant ne peut pas être négatif.")
    if montant > MAXIMUM:
        raise MontantInvalide("Ce montant est trop grand : 999 999 999,99 € au plus.")
    if montant != montant.quantize(CENTIME):
        raise MontantInvalide("Un montant s’arrête aux centimes : deux chiffres après la virgule.")
    return abs(montant.quantize(CENTIME))  # abs: -0 is 0


def montant_tape(texte: str) -> Decimal:
    """Return an amount typed by a person. Raises as `montant_de`.

    « 1e5 » is refused: it is a typing mistake, that only a spreadsheet writes on purpose.
    """
    if EXPOSANT.search(texte):
        raise MontantInvalide(f"« {texte.strip()[:30]} » n’est pas un montant. Écrivez-le ainsi : 1 234,50.")
    return montant_de(texte)


def ecrire(somme: Decimal) -> str:
    """Format a sum as people type it: « 1234 », « 1234,50 », or "" for zero."""
    if not somme:
        return ""
    return f"{somme:.0f}" if somme == somme.to_integral_value() else f"{somme:.2f}".replace(".", ",")


def _lire(texte: str) -> Decimal:
    nu = ESPACES.sub("", texte.replace("€", "").replace("EUR", "").replace("\u2212", "-"))
    if (groupes := MILLIERS.fullmatch(nu)) and (groupes[3] or groupes[2]):
        nu = nu.replace(groupes[1], "")
    elif not ECRITURE.fullmatch(nu):
        raise MontantInvalide(f"« {texte.strip()[:30]} » n’est pas un montant. Écrivez-le ainsi : 1 234,50.")
    try:
        return Decimal(nu.replace(",", "."))
    except InvalidOperation as erreur:  # exponent out of range
        raise MontantInvalide(
            f"« {texte.strip()[:30]} » n’est pas un montant. Écrivez-le ainsi : 1 234,50."
        ) from erreur
