"""What may be shown of few answers: rates beside the population, small groups hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Groupe:
    """A group beside the population. `part`: whole percentage of the answers; None when hidden. `population`: None when unknown."""

    valeur: str
    libelle: str
    part: int | None
    population: Decimal | None


def caches(effectifs: Mapping[str, int], plus_petit: int) -> frozenset[str]:
    """Return the groups to hide: the small ones, then others until what is hidden cannot be guessed.

    A single hidden group is what is left of the total; so are several whose sum is small.
    """
    montres = sorted((n, valeur) for valeur, n in effectifs.items() if n)
    tus = [valeur for n, valeur in montres if n < plus_petit]
    reste = [valeur for n, valeur in montres if n >= plus_petit]
    while tus and reste and (len(tus) == 1 or sum(effectifs[v] for v in tus) < plus_petit):
        tus.append(reste.pop(0))
    return frozenset(tus)


def comparer(
    effectifs: Mapping[str, int],
    libelles: Sequence[tuple[str, str]],
    population: Mapping[str, Decimal],
    plus_petit: int,
) -> list[Groupe]:
    """Return each group, in the order of `libelles`; nothing when all the answers together are too few."""
    total = sum(effectifs.values())
    if total < plus_petit:
        return []
    tus = caches(effectifs, plus_petit)
    return [
        Groupe(
            valeur,
            libelle,
            None if valeur in tus else round(100 * effectifs.get(valeur, 0) / total),
            population.get(valeur),
        )
        for valeur, libelle in libelles
    ]


def manquants(groupes: Sequence[Groupe], ecart: int = 5) -> list[Groupe]:
    """Return the groups whose share is lower than that of the population by `ecart` points or more, most missing first."""
    ecarts = [
        (groupe.population - groupe.part, groupe)
        for groupe in groupes
        if groupe.part is not None and groupe.population is not None
    ]
    return [groupe for de, groupe in sorted(ecarts, key=lambda e: -e[0]) if de >= ecart]
