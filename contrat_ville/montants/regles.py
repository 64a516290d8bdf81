"""Budget of a projet: amounts, balance of expenses and receipts, sharing of a sum to the cent.

Decimal only. Contributions in kind (accounts 86 and 87) are balanced apart: they have a value but pay
nothing.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from contrat_ville.montants import nomenclature
from contrat_ville.montants.nomenclature import DEPENSE, RECETTE, Sens
from participation.socle.francais import minuscule
from participation.socle.francais import montant as euros

CENTIME = Decimal("0.01")
ZERO = Decimal(0)
MAXIMUM = Decimal("999999999.99")  # limit of the column
ECRITURE = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?")
EXPOSANT = re.compile(r"\d[.,]?\s*[eE][-+\d]")
ESPACES = re.compile(r"[\s\u00a0\u202f’']+")


# In « 1.234,50 » and « 1,234.50 », the last mark is the decimal one.
MILLIERS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*(?!\1)([.,]\d*)?")


class MontantInvalide(ValueError):
    """Amount that cannot be accepted. Its message is shown to the person."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """A line of a budget. `montant` is the typed text or a Decimal; None when not given yet."""

    sens: Sens
    poste: str
    montant: Decimal | str | None
    libelle: str = ""


@dataclass(frozen=True, slots=True)
class Equilibre:
    depenses: Decimal
    recettes: Decimal
    emplois_en_nature: Decimal
    ressources_en_nature: Decimal
    manques: tuple[str, ...]  # what must be corrected, in sentences

    @property
    def ecart(self) -> Decimal:
        """Amount missing from the receipts; negative when the receipts exceed the expenses."""
        return self.depenses - self.recettes


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
        raise MontantInvalide(f"Ce montant est trop grand : {euros(MAXIMUM)} au plus.")
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


def equilibre(lignes: Collection[Ligne]) -> Equilibre:
    """Return the four sums of a budget, and what must be corrected before it is accepted."""
    manques: list[str] = []
    sommes = {(sens, en_nature): ZERO for sens in (DEPENSE, RECETTE) for en_nature in (False, True)}
    for rang, ligne in enumerate(lignes, 1):
        try:
            montant = montant_de(ligne.montant)
        except MontantInvalide as erreur:
            manques.append(f"Ligne {rang}, {_nom(ligne)} : {minuscule(erreur)}")
            continue
        attendu = nomenclature.sens_de(ligne.poste)
        if attendu and attendu != ligne.sens:
            manques.append(f"Ligne {rang}, {_nom(ligne)} : ce poste est {_cote(attendu)}.")
            continue
        sommes[ligne.sens, nomenclature.est_en_nature(ligne.poste)] += montant
    depenses, recettes = sommes[DEPENSE, False], sommes[RECETTE, False]
    emplois, ressources = sommes[DEPENSE, True], sommes[RECETTE, True]
    if not manques and not depenses:
        manques.append("Le budget n’a pas encore de dépense." if lignes else "Écrivez le budget.")
    if depenses != recettes:
        manques.append(_ecart(depenses, recettes))
    if emplois != ressources:
        manques.append(_ecart_en_nature(emplois, ressources))
    return Equilibre(depenses, recettes, emplois, ressources, tuple(manques))


def _nom(ligne: Ligne) -> str:
    return ligne.libelle or nomenclature.libelle(ligne.poste) or "sans poste"


def _cote(sens: Sens) -> str:
    return "une dépense, pas une recette" if sens == DEPENSE else "une recette, pas une dépense"


def _ecart(depenses: Decimal, recettes: Decimal) -> str:
    quoi = "dépenses" if depenses < recettes else "recettes"
    return (
        f"Il manque {euros(abs(depenses - recettes))} de {quoi} : "
        f"les dépenses font {euros(depenses)}, les recettes {euros(recettes)}."
    )


def _ecart_en_nature(emplois: Decimal, ressources: Decimal) -> str:
    compte = "86 (emplois)" if emplois < ressources else "87 (contributions)"
    return (
        f"Les contributions en nature s’équilibrent à part : il manque {euros(abs(emplois - ressources))} au compte {compte}, "
        f"qui font {euros(emplois)} au 86 et {euros(ressources)} au 87."
    )


def repartir(total: Decimal, poids: Sequence[Decimal]) -> list[Decimal]:
    """Share `total` in proportion to `poids`, to the cent; the sum of the shares is exactly `total`.

    The last cents go to the largest remainders, and to the first ones when equal. If all weights are zero,
    the shares are equal. Raises ValueError.
    """
    if total < 0 or total != total.quantize(CENTIME):
        raise ValueError("A sum to share is in cents, and not negative.")
    if not poids or any(p < 0 or not p.is_finite() for p in poids):
        raise ValueError("Weights are numbers, not negative, one at least.")
    # Whole numbers: exact, whatever the precision of the decimal context.
    echelle = min((int(p.as_tuple().exponent) for p in poids), default=0)
    entiers = [int(p.scaleb(-min(echelle, 0))) for p in poids]
    if not any(entiers):
        entiers = [1] * len(poids)
    centimes = int((total / CENTIME).to_integral_value(ROUND_FLOOR))
    somme = sum(entiers)
    parts = [centimes * entier // somme for entier in entiers]
    restes = [centimes * entier % somme for entier in entiers]
    for rang in sorted(range(len(poids)), key=lambda r: -restes[r])[: centimes - sum(parts)]:
        parts[rang] += 1
    return [(Decimal(part) * CENTIME).quantize(CENTIME) for part in parts]
