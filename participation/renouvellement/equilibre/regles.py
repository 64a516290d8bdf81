"""Percentages."""


def pourcent(part: int, total: int) -> float:
    """Return the percentage to one decimal; 0 for a total of 0."""
    return round(100 * part / total, 1) if total else 0.0
