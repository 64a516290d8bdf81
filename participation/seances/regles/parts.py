"""How many people or votes a share asks for: the arithmetic of quorums, majorities and demands."""

from participation.seances.workflow import Part


def combien(part: str, sur: int) -> int:
    """The least whole number that makes this share of `sur`. At least one, unless nothing is asked."""
    if part == Part.AUCUNE:
        return 0
    exact = {
        Part.TIERS: -(-sur // 3),
        Part.MOITIE: -(-sur // 2),
        Part.MAJORITE: sur // 2 + 1,
        Part.DEUX_TIERS: -(-2 * sur // 3),
        Part.UNANIMITE: sur,
    }[Part(part)]
    return max(1, exact)
