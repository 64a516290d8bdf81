"""Small numbers of people, which are not published, with those from which they could be deduced."""

from collections.abc import Mapping
from typing import TypeVar

C = TypeVar("C")


def tus(nombres: Mapping[C, int], plus_petit: int) -> frozenset[C]:
    """Return the groups to hide: those under `plus_petit`, then others until what is hidden cannot be guessed.

    The total is public: a single hidden group is what is left of it, and so are several whose sum is small.
    """
    ranges = sorted((n, str(cle), cle) for cle, n in nombres.items() if n)
    caches = [(n, cle) for n, _, cle in ranges if n < plus_petit]
    reste = [(n, cle) for n, _, cle in ranges if n >= plus_petit]
    while caches and reste and (len(caches) == 1 or sum(n for n, _ in caches) < plus_petit):
        caches.append(reste.pop(0))
    return frozenset(cle for _, cle in caches)


def plus_petit_montrable(nombres: Mapping[str, int], plus_petit: int) -> int:
    """Return the smallest number that may be shown, where all that is hidden is said « moins de … ».

    At least `plus_petit`, and such that the hidden numbers cannot be deduced from their public sum: a single one is
    found by subtraction, and all of them when only one distribution gives this sum (all at 1, or all at the maximum).
    """
    montrable = plus_petit
    while True:
        caches = [n for n in nombres.values() if 0 < n < montrable]
        deductibles = len(caches) == 1 or (
            caches and sum(caches) in {len(caches), len(caches) * (montrable - 1)}
        )
        reste = [n for n in nombres.values() if n >= montrable]
        if not deductibles or not reste:
            return montrable
        montrable = min(reste) + 1
