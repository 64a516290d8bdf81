"""Budget of a projet: amounts, balance of expenses and receipts, sharing of a sum to the cent.

Decimal only. Contributions in kind (accounts 86 and 87) are balanced apart: they have a value but pay
nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from contrat_ville.regles import nomenclature
from contrat_ville.regles.nomenclature import DEPENSE, RECETTE, Sens
from participation.socle.francais import minuscule
from participation.socle.francais import montant as euros
from participation.socle.regles.montants import CENTIME, MontantInvalide, montant_de

ZERO = Decimal(0)


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


def cout(depenses: Iterable[tuple[str, Decimal]]) -> Decimal:
    """Return what (account, amount) cost in money. In kind, nothing is paid: no subsidy is a part of it."""
    return sum((somme for poste, somme in depenses if not nomenclature.est_en_nature(poste)), start=ZERO)


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
