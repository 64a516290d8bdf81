"""Maps: points, imported contours, and tiles only when the settings give some."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from participation.socle.cache import une_minute
from participation.socle.graphiques import Carte, Tuile
from participation.socle.graphiques.zones import Fond, dessiner
from participation.socle.models import Commune, Contour

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


def communes() -> dict[str, Commune]:
    """Return all communes in order, by code Insee; cached for a minute."""
    return une_minute("socle.communes", lambda: {commune.pk: commune for commune in Commune.objects.all()})


def fond_des_communes() -> Fond | None:
    """Return the shapes of the communes, drawn once a minute; None while no contour is imported."""
    dessine = une_minute(
        "socle.fond", lambda: (dessiner(contours_des_communes(), settings.CONTOURS_MENTION),)
    )
    return dessine[0]


def sans_lien(code: str) -> str | None:
    return None


def carte_des_communes(
    nombres: Mapping[str, int | None],
    titre: str,
    unite: str = "signatures",
    *,
    bornes: tuple[int, int, int, int] = (5, 25, 100, 250),
    total: int | None = None,
    lien: Callable[[str], str | None] = sans_lien,
    cache: str = "",
) -> Carte:
    """Return the map of all communes. `nombres`: by code Insee, None for a number that must not be shown.

    `lien`: address of a commune that has a number.
    """
    tuiles = [
        Tuile(
            code,
            c.nom,
            c.sigle,
            c.tuile_x,
            c.tuile_y,
            nombres.get(code, 0),
            lien(code) if nombres.get(code) else None,
        )
        for code, c in communes().items()
    ]
    return Carte(tuiles, titre, unite, bornes, total, fond_des_communes(), cache)


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
        "contours_de": settings.CONTOURS_MENTION,
        "centre": CENTRE,
    }
