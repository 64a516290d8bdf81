"""What people need to come to the meetings ahead, in one list for who organises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from participation.socle import vitrine
from participation.socle.vitrine import BesoinATenir


@dataclass(frozen=True, slots=True)
class RencontreAPreparer:
    quand: datetime
    rencontre: str
    url: str
    besoins: Sequence[BesoinATenir]


def a_preparer() -> list[RencontreAPreparer]:
    """Return the meetings to come where somebody said a need, the nearest first."""
    dits: list[BesoinATenir] = sorted(
        vitrine.recueillir("besoins_a_tenir"), key=lambda b: (b.quand, b.rencontre, b.besoin)
    )
    return [
        RencontreAPreparer(quand, rencontre, url, list(siens))
        for (quand, rencontre, url), siens in groupby(dits, key=lambda b: (b.quand, b.rencontre, b.url))
    ]
