"""Shapes of places, from GeoJSON to the paths of a drawing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

HAUT = 1000  # height of the drawing, in its own units
MARGE = 4
AUTOUR = 0.02  # degrees: a kilometre or two, more than a simplified contour loses
DEMI_LIGNE = 9  # half of the height of a number
Point = tuple[float, float]
Sommet = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zone:
    """A shape of the drawing: its path, where its number is written, and the width it has there."""

    trace: str
    x: int
    y: int
    place: int


@dataclass(frozen=True, slots=True)
class Fond:
    """The shapes of all places, in one frame. ``boite`` is the viewBox, ``mention`` credits the contours."""

    boite: str
    zones: Mapping[str, Zone]
    mention: str = ""


@dataclass(frozen=True, slots=True)
class Etendue:
    """The box around a territory, in degrees (WGS 84)."""

    sud: float
    ouest: float
    nord: float
    est: float

    @property
    def centre(self) -> Point:
        """(latitude, longitude), where a map opens."""
        return (self.sud + self.nord) / 2, (self.ouest + self.est) / 2

    def contient(self, latitude: float, longitude: float) -> bool:
        """Whether the point is in the box, or so near that its edge may be drawn roughly."""
        return (
            self.sud - AUTOUR <= latitude <= self.nord + AUTOUR
            and self.ouest - AUTOUR <= longitude <= self.est + AUTOUR
        )


def etendue_de(contours: Iterable[Any], centres: Iterable[Point] = ()) -> Etendue | None:
    """Return the box around the contours that can be read and the centres (longitude, latitude); None without any."""
    points = [p for contour in contours for anneau in _anneaux(contour) for p in anneau]
    points += centres
    if not points:
        return None
    longitudes, latitudes = [x for x, _ in points], [y for _, y in points]
    return Etendue(min(latitudes), min(longitudes), max(latitudes), max(longitudes))


def dessiner(contours: Mapping[str, Any], mention: str = "") -> Fond | None:
    """Draw the contours (GeoJSON, WGS 84) that can be read, north up; None without any.

    A degree of longitude is shortened as at the middle latitude: over a metropolis, no map shows the difference.
    """
    lus = {code: anneaux for code, contour in contours.items() if (anneaux := list(_anneaux(contour)))}
    points = [point for anneaux in lus.values() for anneau in anneaux for point in anneau]
    if not points:
        return None
    ouest, est = min(x for x, _ in points), max(x for x, _ in points)
    sud, nord = min(y for _, y in points), max(y for _, y in points)
    etroit = cos(radians((sud + nord) / 2))
    echelle = HAUT / max(nord - sud, (est - ouest) * etroit, 1e-6)

    def place(point: Point) -> Sommet:
        return (
            MARGE + round((point[0] - ouest) * etroit * echelle),
            MARGE + round((nord - point[1]) * echelle),
        )

    zones = {code: _zone([[place(p) for p in anneau] for anneau in anneaux]) for code, anneaux in lus.items()}
    largeur, hauteur = place((est, sud))
    return Fond(f"0 0 {largeur + MARGE} {hauteur + MARGE}", zones, mention)


def _anneaux(contour: Any) -> Iterable[list[Point]]:
    """Give the rings of a polygon or of several; none when the contour cannot be read."""
    try:
        geometrie = contour.get("geometry") or contour
        formes = geometrie["coordinates"]
        polygones = [formes] if geometrie["type"] == "Polygon" else formes
        anneaux = [anneau for polygone in polygones for anneau in polygone]
        return [[(float(x), float(y)) for x, y, *_ in anneau] for anneau in anneaux if len(anneau) > 3]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _zone(anneaux: list[list[Sommet]]) -> Zone:
    """Write the number in the middle of the widest band near the centre of the largest ring."""
    principal = max(anneaux, key=lambda anneau: abs(_aire(anneau)))
    _, hauteur = _centre(principal)
    bandes = [
        (y, *_bande(principal, y))
        for y in range(hauteur - 5 * DEMI_LIGNE, hauteur + 5 * DEMI_LIGNE + 1, DEMI_LIGNE)
    ]
    place, x, y = max(
        (
            min(fin - debut for _, debut, fin in voisines),
            (voisines[1][1] + voisines[1][2]) // 2,
            voisines[1][0],
        )
        for voisines in zip(bandes, bandes[1:], bandes[2:], strict=False)
    )
    return Zone("".join(map(_chemin, anneaux)), x, y, place)


def _bande(anneau: list[Sommet], y: int) -> Sommet:
    """Return the widest horizontal band inside of the ring, from where to where."""
    y_entre = y + 0.5  # never through a corner
    coupes = sorted(
        round(a + (x - a) * (y_entre - b) / (c - b))
        for (a, b), (x, c) in pairwise(anneau)
        if (b < y_entre) != (c < y_entre)
    )
    return max(
        zip(coupes[::2], coupes[1::2], strict=True), key=lambda bande: bande[1] - bande[0], default=(0, 0)
    )


def _chemin(anneau: list[Sommet]) -> str:
    """Path of a ring by relative steps, shorter than absolute ones; steps of nothing are left out."""
    pas = [(x - a, y - b) for (a, b), (x, y) in pairwise(anneau) if (x, y) != (a, b)]
    return f"M{anneau[0][0]} {anneau[0][1]}l{' '.join(f'{x} {y}' for x, y in pas)}z"


def _aire(anneau: list[Sommet]) -> float:
    """Signed area of a ring."""
    return sum(a * y - x * b for (a, b), (x, y) in pairwise(anneau)) / 2


def _centre(anneau: list[Sommet]) -> Sommet:
    """Return the centre of mass, or the first corner of a ring without area."""
    aire = _aire(anneau)
    cotes = [(a + x, b + y, a * y - x * b) for (a, b), (x, y) in pairwise(anneau)]
    if not aire:
        return anneau[0]
    return (
        round(sum(x * croix for x, _, croix in cotes) / (6 * aire)),
        round(sum(y * croix for _, y, croix in cotes) / (6 * aire)),
    )
