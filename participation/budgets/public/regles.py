"""Geometry: a point for a contour (GeoJSON), to place it on a map."""

from typing import Any


def centre_de(contour: Any) -> tuple[float, float] | None:
    """Return (latitude, longitude) of the centre of the bounding box of the main ring; None without a ring.

    The main ring is the one with the most points.
    """
    geometrie = contour.get("geometry") or contour if isinstance(contour, dict) else {}
    formes = geometrie.get("coordinates") or []
    polygones = [formes] if geometrie.get("type") == "Polygon" else formes
    anneaux = [polygone[0] for polygone in polygones if polygone and polygone[0]]
    if not anneaux:
        return None
    anneau = max(anneaux, key=len)
    longitudes, latitudes = [float(point[0]) for point in anneau], [float(point[1]) for point in anneau]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
