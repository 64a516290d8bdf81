"""Lengths and coordinates as strings, with a decimal point: SVG does not accept the French comma."""


def pourcent(proportion: float) -> str:
    """A length for an SVG attribute: 0.856 → ``85.6%``, bounded to 0–100."""
    borne = min(max(float(proportion), 0.0), 1.0)
    return f"{borne * 100:.2f}".rstrip("0").rstrip(".") + "%"


def en_pixels(valeur: float) -> str:
    return f"{valeur:.1f}".removesuffix(".0")
