"""Small groups around tables: of nearly the same size, mixed, and where people meet as many others as they can.

For panels, forums, meetings. The same people, history and seed give the same tables everywhere.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

Paire = frozenset[int]

# A pair to keep apart, or together, weighs more than any mix: it is broken only when nothing else is possible.
IMPERATIF = 10_000
RENCONTRE, MELANGE = 10, 1
TOURS = 40  # of the table plan, exchange by exchange; the search stops before when none is better


@dataclass(frozen=True, slots=True)
class Contraintes:
    """`deja`: how often two people sat together. `profils`: values to spread, for each person."""

    deja: Mapping[Paire, int] = field(default_factory=dict)
    profils: Mapping[int, Sequence[Hashable]] = field(default_factory=dict)
    ensemble: frozenset[Paire] = frozenset()
    separes: frozenset[Paire] = frozenset()


def placer(personnes: Sequence[int], tables: int, contraintes: Contraintes, graine: int) -> list[list[int]]:
    """Return the tables. Sizes differ by one at most. Raises ValueError for no table, or more tables than people."""
    if not 1 <= tables <= max(1, len(personnes)):
        raise ValueError("Il faut au moins une personne par table.")
    hasard = Random(graine)  # noqa: S311 nothing is drawn by lot here
    ordre = sorted(personnes)
    hasard.shuffle(ordre)
    plan = [ordre[rang::tables] for rang in range(tables)]
    for _ in range(TOURS):
        if not _un_tour(plan, contraintes, hasard):
            break
    return [sorted(table) for table in plan]


def _un_tour(plan: list[list[int]], contraintes: Contraintes, hasard: Random) -> bool:
    """Try each exchange of two people once, in a random order; keep those that cost less. Return whether any did."""
    cout = [_cout(table, contraintes) for table in plan]
    if not any(cout):
        return False
    places = [(t, p) for t, table in enumerate(plan) for p in range(len(table))]
    echanges = [(a, b) for a, b in combinations(places, 2) if a[0] != b[0]]
    hasard.shuffle(echanges)
    mieux = False
    for (ta, pa), (tb, pb) in echanges:
        if not (cout[ta] or cout[tb]):  # no cost is under zero: eight hundred people are seated in seconds
            continue
        plan[ta][pa], plan[tb][pb] = plan[tb][pb], plan[ta][pa]
        apres = _cout(plan[ta], contraintes), _cout(plan[tb], contraintes)
        if sum(apres) < cout[ta] + cout[tb]:
            cout[ta], cout[tb] = apres
            mieux = True
        else:
            plan[ta][pa], plan[tb][pb] = plan[tb][pb], plan[ta][pa]
    return mieux


def _cout(table: Sequence[int], c: Contraintes) -> int:
    paires = [frozenset(paire) for paire in combinations(table, 2)]
    ici = set(table)
    retrouvailles = sum(c.deja.get(paire, 0) ** 2 for paire in paires)
    # The one who must be with another, and is here alone.
    rompues = sum(len(paire & ici) == 1 for paire in c.ensemble) + sum(p in c.separes for p in paires)
    combien = Counter((rang, v) for qui in table for rang, v in enumerate(c.profils.get(qui, ())))
    return IMPERATIF * rompues + RENCONTRE * retrouvailles + MELANGE * sum(n * n for n in combien.values())


def rompues(plan: Sequence[Sequence[int]], contraintes: Contraintes) -> list[Paire]:
    """Return the pairs that this plan keeps apart or together against what was asked."""
    ou = {qui: rang for rang, table in enumerate(plan) for qui in table}
    presents = [p for p in (*contraintes.ensemble, *contraintes.separes) if all(qui in ou for qui in p)]
    return [p for p in presents if (len({ou[qui] for qui in p}) == 1) == (p in contraintes.separes)]


def rencontres(plans: Sequence[Sequence[Sequence[int]]]) -> Counter[Paire]:
    """Return how often each pair sat together over these plans."""
    return Counter(
        frozenset(paire) for plan in plans for table in plan for paire in combinations(sorted(table), 2)
    )


def part_rencontree(personnes: Sequence[int], plans: Sequence[Sequence[Sequence[int]]]) -> float:
    """Return the share of the pairs of these people who sat together at least once."""
    toutes = {frozenset(paire) for paire in combinations(sorted(set(personnes)), 2)}
    return len(toutes & set(rencontres(plans))) / len(toutes) if toutes else 0.0
