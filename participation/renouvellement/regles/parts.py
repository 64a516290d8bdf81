"""Shares of a whole."""


def pourcent(part: int, total: int) -> float:
    """To one decimal; 0 of nothing."""
    return round(100 * part / total, 1) if total else 0.0
