"""When is a count unusual? The bound of a count to come, from those of the weeks before.

Counts of a quiet cell follow a Poisson law whose mean is not known. With n past weeks that sum to s (and the prior of Jeffreys),
the count of the next week follows a negative binomial law of size s + 1/2 and of probability n / (n + 1): it allows for what
n weeks do not teach. A cell is a signal when what it shows, or more, had a chance under `taux` divided by the number of cells
looked at (Bonferroni): all cells together, `taux` is then the chance of one false alarm in a quiet week.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

TAUX = 0.05  # chance of a false alarm in a week where nothing happens, all cells together
AU_MOINS = 3  # fewer is never a signal


@dataclass(frozen=True, slots=True)
class Cellule:
    """A category in a place: what the last week brought, what the weeks before did in all."""

    cle: tuple[object, ...]
    recentes: int
    passees: int


@dataclass(frozen=True, slots=True)
class Signal:
    cle: tuple[object, ...]
    recentes: int
    attendues: float  # a week, from the weeks before
    chance: float  # of seeing so many, or more, when nothing happens


def chance_d_autant(recentes: int, passees: int, semaines: int) -> float:
    """The chance of `recentes` or more in one week, when `semaines` weeks brought `passees` in all."""
    if recentes <= 0:
        return 1.0
    taille, p = passees + 0.5, semaines / (semaines + 1)
    moins, terme = 0.0, p**taille
    for k in range(recentes):
        moins += terme
        terme *= (taille + k) / (k + 1) * (1 - p)
    return max(0.0, 1.0 - moins) if moins < 1 - 1e-9 else _queue(recentes, taille, p)


def _queue(depuis: int, taille: float, p: float) -> float:
    """The tail summed on its own: one minus a sum near one says nothing of it."""
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
    """Those that are unusual, the least likely first."""
    lues = list(cellules)
    seuil = taux / max(1, len(lues))
    trouves = [
        Signal(c.cle, c.recentes, c.passees / semaines, chance)
        for c in lues
        if c.recentes >= AU_MOINS and (chance := chance_d_autant(c.recentes, c.passees, semaines)) < seuil
    ]
    return sorted(trouves, key=lambda s: (s.chance, -s.recentes))
