"""In which commune is a point: by the contours that an agent imported, and by nothing else."""

from participation.socle.lectures.cartes import contours_des_communes
from remontees.regles.lieux import commune_de


def commune_du_point(latitude: float, longitude: float) -> str | None:
    """Code Insee, or None: then the commune is asked."""
    return commune_de(latitude, longitude, contours_des_communes())
