"""Number of people or votes that a share requires, for quorums, majorities and demands."""

from participation.seances.workflow import Part


def combien(part: str, sur: int) -> int:
    """Return the smallest whole number that reaches the share `part` of `sur`, at least 1; 0 for Part.AUCUNE."""
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
