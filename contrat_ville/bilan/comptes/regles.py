"""What each financer owes in the end, once the bilan says what was spent. Money only, nothing in kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from contrat_ville.regles.montants import repartir
from contrat_ville.workflow.apres import PRORATA
from participation.socle.francais import montant
from participation.socle.regles.montants import CENTIME

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Comptes:
    """Figures of a bilan. `depense` None: the bilan does not say it.

    `autres`: what came from elsewhere than the financers of `accordes`.
    """

    prevu: Decimal
    depense: Decimal | None
    autres: Decimal
    accordes: Mapping[int, Decimal]

    @property
    def accorde(self) -> Decimal:
        return sum(self.accordes.values(), start=ZERO)

    @property
    def excedent(self) -> Decimal:
        """What the grants and the other receipts leave above the expenses."""
        return max(ZERO, self.accorde + self.autres - self.depense) if self.depense is not None else ZERO


def definitifs(comptes: Comptes, *, regle: str, seuil: Decimal) -> dict[int, Decimal]:
    """Return {financer: what it owes in the end}, to the cent. Nothing is taken back up to `seuil` euros in all."""
    total = du = comptes.accorde
    if comptes.depense is None or not total:
        return dict(comptes.accordes)
    if regle == PRORATA and comptes.depense < comptes.prevu:
        du = (total * comptes.depense / comptes.prevu).quantize(CENTIME, ROUND_FLOOR)
    du = min(du, max(ZERO, comptes.depense - comptes.autres))
    if total - du <= seuil:
        return dict(comptes.accordes)
    parts = repartir(du, list(comptes.accordes.values()))
    return dict(zip(comptes.accordes, parts, strict=True))


def desequilibre(depenses: Decimal, recettes: Decimal) -> str:
    """Return the difference of a bilan in a sentence; "" when both sides are equal."""
    if depenses == recettes:
        return ""
    sens = "dépassent" if recettes > depenses else "n’atteignent pas"
    return f"Les recettes ({montant(recettes)}) {sens} les dépenses ({montant(depenses)}) : {montant(abs(recettes - depenses))} d’écart."
