"""Assignment of the candidatures to their readers."""

from collections.abc import Callable, Mapping, Sequence


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
    """Return the (candidature, reader) pairs to add, for `chacune` readings each.

    The reader with the fewest lectures comes first, at random when equal. `dejas`: readers who have the
    candidature or stepped aside; `actives`: number of its lectures; `charge`: number of lectures of a reader.
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
