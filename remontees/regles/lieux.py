"""Which contour holds a point. Plain geometry: contours in, a code out."""

from collections.abc import Mapping
from typing import Any


def commune_de(latitude: float, longitude: float, contours: Mapping[str, Any]) -> str | None:
    """The code whose contour (GeoJSON, WGS 84) holds the point; on a common edge, the first in order. None when none does.

    A contour that cannot be read holds nothing: it never stops what somebody says.
    """
    if not contours:
        return None
    # Here: who has imported no contour need not load the library.
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
