"""An indicator over several projets: targets, results, and the projets on which they can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

CENTIEME = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Valeur:
    """Target and result of one projet. None: not given."""

    prevu: Decimal | None = None
    realise: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Agregat:
    """`prevu_des_rendus`: targets of the projets that gave a result, so that the two can be compared.

    None when one of these projets has no target.
    """

    prevu: Decimal | None
    prevus: int
    realise: Decimal | None
    realises: int
    prevu_des_rendus: Decimal | None

    @property
    def part(self) -> int | None:
        """Result as a percentage of the targets of the same projets."""
        if self.realise is None or not self.prevu_des_rendus:
            return None
        return round(100 * self.realise / self.prevu_des_rendus)


def agreger(valeurs: Iterable[Valeur], *, en_moyenne: bool = False) -> Agregat:
    """Add up the values, or take their mean when a sum has no meaning (a share, an age)."""
    lues = list(valeurs)
    prevus = [v.prevu for v in lues if v.prevu is not None]
    realises = [v.realise for v in lues if v.realise is not None]
    deux = [(v.prevu, v.realise) for v in lues if v.prevu is not None and v.realise is not None]
    # A result without a target has nothing to be compared with.
    complets = len(deux) == len(realises)
    return Agregat(
        _reunir(prevus, en_moyenne),
        len(prevus),
        _reunir(realises, en_moyenne),
        len(realises),
        _reunir([prevu for prevu, _ in deux], en_moyenne) if complets else None,
    )


def _reunir(valeurs: list[Decimal], en_moyenne: bool) -> Decimal | None:
    if not valeurs:
        return None
    somme = sum(valeurs, start=Decimal(0))
    return (somme / len(valeurs)).quantize(CENTIEME) if en_moyenne else somme
