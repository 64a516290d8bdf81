"""In which commune is a point: by the contours that an agent imported, and by nothing else."""

from typing import Any

from participation.socle.cache import une_minute
from participation.socle.models import Commune
from remontees.regles.lieux import commune_de


def contours() -> dict[str, Any]:
    """GeoJSON geometry by code Insee; empty while none was imported. A minute old at most."""
    return une_minute(
        "remontees.contours",
        lambda: dict(Commune.objects.exclude(contour=None).values_list("code_insee", "contour")),
    )


def commune_du_point(latitude: float, longitude: float) -> str | None:
    """Code Insee, or None: then the commune is asked."""
    return commune_de(latitude, longitude, contours())
