"""Marks and ranks."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENTIEME = Decimal("0.01")


def moyenne(notes: Sequence[tuple[int, int]]) -> Decimal:
    """Return the weighted mean of (mark, weight), to two decimals. One weight at least must be positive."""
    total = sum(note * poids for note, poids in notes)
    return (Decimal(total) / sum(poids for _, poids in notes)).quantize(CENTIEME, ROUND_HALF_UP)


def ex_aequo_a_la_barre(rangs: Sequence[int], places: int) -> int | None:
    """Return the rank shared on both sides of the last seat, which the marks do not settle; None without one.

    `rangs`: ranks of the candidatures in order, best first; equal marks have equal ranks.
    """
    if 0 < places < len(rangs) and rangs[places - 1] == rangs[places]:
        return rangs[places]
    return None


def quitte_le_classement(rang: int | None, sieges: int, *, retenue: bool) -> bool:
    """Whether the decision departs from the ranking. `rang`: None without mark."""
    attendue = rang is not None and rang <= sieges
    return attendue != retenue
