"""Commune that contains a point. Pure geometry: contours in, Insee code out."""

from collections.abc import Mapping
from typing import Any


def commune_de(latitude: float, longitude: float, contours: Mapping[str, Any]) -> str | None:
    """Return the code whose contour (GeoJSON, WGS 84) contains the point; None without any.

    On a common edge, the first code in order. An unreadable contour is skipped, so that it never blocks a
    remontée.
    """
    if not contours:
        return None
    # Imported here: an installation without contours need not load the library.
    from shapely import Point
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    point = Point(longitude, latitude)
    for code in sorted(contours):
        geometrie = contours[code]
        try:
            geometrie = geometrie.get("geometry") or geometrie
            if shape(geometrie).covers(point):
                return code
        except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError):
            continue
    return None
