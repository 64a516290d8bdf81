"""Rows taken so many at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

V = TypeVar("V")


def par_lots(valeurs: Iterable[V], taille: int) -> Iterator[list[V]]:
    restent = iter(valeurs)
    while lot := list(islice(restent, taille)):
        yield lot
