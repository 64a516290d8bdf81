"""What may be shown of few answers: rates beside the population, small groups hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation.socle.regles.petits_nombres import tus


@dataclass(frozen=True, slots=True)
class Groupe:
    """A group beside the population. `part`: whole percentage of the answers; None when hidden. `population`: None when unknown."""

    valeur: str
    libelle: str
    part: int | None
    population: Decimal | None


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
    masques = tus(effectifs, plus_petit)
    return [
        Groupe(
            valeur,
            libelle,
            None if valeur in masques else round(100 * effectifs.get(valeur, 0) / total),
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
