"""Maps: points, imported contours, and tiles only when the settings give some."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from participation.socle.cache import une_minute
from participation.socle.models import Contour

CENTRE = (45.17, 5.72)


@dataclass(frozen=True, slots=True)
class PointDeCarte:
    """A marker, and the line of the list beside the map. `nombre`: number written on the marker."""

    titre: str
    url: str
    lat: float
    long: float
    nombre: int = 0


def contours_des_communes() -> dict[str, Any]:
    """Return the GeoJSON geometry of communes by code Insee; empty while none is imported.

    Cached for a minute.
    """
    return une_minute(
        "socle.contours",
        lambda: dict(Contour.objects.filter(commune__isnull=False).values_list("commune", "geometrie")),
    )


def contours_des_quartiers() -> dict[int, Any]:
    """Return the GeoJSON geometry of quartiers by primary key."""
    return dict(Contour.objects.filter(quartier__isnull=False).values_list("quartier", "geometrie"))


def carte(points: Sequence[PointDeCarte], autres_contours: Iterable[Any] = ()) -> dict[str, Any]:
    """Return the data for carte.js. `autres_contours`: geometries drawn above those of the communes."""
    return {
        "points": [asdict(point) for point in points],
        "contours": [
            {"type": "Feature", "properties": {}, "geometry": geometrie.get("geometry") or geometrie}
            for geometrie in (*contours_des_communes().values(), *autres_contours)
            if isinstance(geometrie, dict)
        ],
        "tuiles": settings.CARTE_TUILES,
        "mention": settings.CARTE_MENTION,
        "centre": CENTRE,
    }
