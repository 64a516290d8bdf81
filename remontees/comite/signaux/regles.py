"""Statistical test of unusual counts: bound of next week's count, from past weeks.

The count of a quiet cell follows a Poisson law whose mean is not known. With n past weeks that sum to s, and
Jeffreys' prior, the next count follows a negative binomial law of size s + 1/2 and probability n / (n + 1),
which includes the uncertainty on the mean. A cell is a signal when the probability of its count or more is
under `taux` divided by the number of cells (Bonferroni): `taux` then bounds the chance of one false alarm in
a quiet week, all cells together.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

TAUX = 0.05  # chance of a false alarm in a quiet week, all cells together


AU_MOINS = 3  # below this count, never a signal


@dataclass(frozen=True, slots=True)
class Cellule:
    """A category in a place: count of the last week, and total of the weeks before."""

    cle: tuple[object, ...]
    recentes: int
    passees: int


@dataclass(frozen=True, slots=True)
class Signal:
    cle: tuple[object, ...]
    recentes: int
    attendues: float  # weekly mean of the past weeks
    chance: float  # probability of this count or more in a quiet week


def chance_d_autant(recentes: int, passees: int, semaines: int) -> float:
    """Return the probability of `recentes` or more in one week, after `passees` in `semaines` weeks."""
    if recentes <= 0:
        return 1.0
    taille, p = passees + 0.5, semaines / (semaines + 1)
    moins, terme = 0.0, p**taille
    for k in range(recentes):
        moins += terme
        terme *= (taille + k) / (k + 1) * (1 - p)
    return max(0.0, 1.0 - moins) if moins < 1 - 1e-9 else _queue(recentes, taille, p)


def _queue(depuis: int, taille: float, p: float) -> float:
    """Sum the tail directly: one minus a sum close to one loses all precision."""
    log = (
        math.lgamma(taille + depuis) - math.lgamma(depuis + 1) - math.lgamma(taille)
        + taille * math.log(p) + depuis * math.log(1 - p)
    )  # fmt: skip
    terme, total = math.exp(log), 0.0
    for k in range(depuis, depuis + 1000):
        total += terme
        terme *= (taille + k) / (k + 1) * (1 - p)
        if terme < total * 1e-12:
            break
    return total


def signaux(cellules: Iterable[Cellule], *, semaines: int, taux: float = TAUX) -> list[Signal]:
    """Return the cells that are unusual, the least likely first."""
    lues = list(cellules)
    seuil = taux / max(1, len(lues))
    trouves = [
        Signal(c.cle, c.recentes, c.passees / semaines, chance)
        for c in lues
        if c.recentes >= AU_MOINS and (chance := chance_d_autant(c.recentes, c.passees, semaines)) < seuil
    ]
    return sorted(trouves, key=lambda s: (s.chance, -s.recentes))
