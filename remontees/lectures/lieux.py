"""Commune of a point, from the contours imported by an agent."""

from participation.socle.lectures.cartes import contours_des_communes
from remontees.regles.lieux import commune_de


def commune_du_point(latitude: float, longitude: float) -> str | None:
    """Return the Insee code, or None: the form then asks for the commune."""
    return commune_de(latitude, longitude, contours_des_communes())
