"""Marks, readings and ranks."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

CENTIEME = Decimal("0.01")


def moyenne(notes: Sequence[tuple[int, int]]) -> Decimal:
    """Weighted mean of (mark, weight), to the hundredth. At least one weight must count."""
    total = sum(note * poids for note, poids in notes)
    return (Decimal(total) / sum(poids for _, poids in notes)).quantize(CENTIEME, ROUND_HALF_UP)


def repartir(
    candidatures: Sequence[int],
    relecteurs: Sequence[int],
    *,
    dejas: Mapping[int, set[int]],
    actives: Mapping[int, int],
    charge: Mapping[int, int],
    chacune: int,
    hasard: Callable[[], float],
) -> list[tuple[int, int]]:
    """(candidature, reader) to add so that each one has `chacune` readings, the least loaded reader first, by lot when equal.

    `dejas`: who has it or stepped aside, by candidature; `actives`: its readings; `charge`: the readings of a reader.
    """
    charges = {r: charge.get(r, 0) for r in relecteurs}
    neuves: list[tuple[int, int]] = []
    for candidature in candidatures:
        manque = chacune - actives.get(candidature, 0)
        possibles = [r for r in relecteurs if r not in dejas.get(candidature, ())]
        possibles.sort(key=lambda r: (charges[r], hasard()))
        for relecteur in possibles[: max(manque, 0)]:
            neuves.append((candidature, relecteur))
            charges[relecteur] += 1
    return neuves


def quitte_le_classement(rang: int | None, sieges: int, *, retenue: bool) -> bool:
    """A seat to who is below the last seat, or refused to who is above. `rang`: None when nobody has marked."""
    attendue = rang is not None and rang <= sieges
    return attendue != retenue
