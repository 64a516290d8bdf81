"""An indicator over several projets: what was aimed at, what was done, and on how many projets the two may be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

CENTIEME = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Valeur:
    """What one projet aims at, and what it says it did. None: not said."""

    prevu: Decimal | None = None
    realise: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Agregat:
    """`prevu_des_rendus`: what was aimed at by those alone who said what they did, so that like is compared with like."""

    prevu: Decimal | None
    prevus: int
    realise: Decimal | None
    realises: int
    prevu_des_rendus: Decimal | None

    @property
    def part(self) -> int | None:
        """Out of a hundred: done, out of what the same projets aimed at."""
        if self.realise is None or not self.prevu_des_rendus:
            return None
        return round(100 * self.realise / self.prevu_des_rendus)


def agreger(valeurs: Iterable[Valeur], *, en_moyenne: bool = False) -> Agregat:
    """Added up, or their mean when adding them would say nothing (a share, an age)."""
    lues = list(valeurs)
    prevus = [v.prevu for v in lues if v.prevu is not None]
    realises = [v.realise for v in lues if v.realise is not None]
    deux = [(v.prevu, v.realise) for v in lues if v.prevu is not None and v.realise is not None]
    # A projet that says what it did without having said what it aimed at is compared with nothing.
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
