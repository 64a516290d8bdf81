"""Maps: points, imported contours, and tiles only when the settings give some."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from participation.socle.bd.cache import une_minute
from participation.socle.francais import nombre
from participation.socle.graphiques import Carte, Tuile
from participation.socle.graphiques.zones import Etendue, Fond, dessiner, etendue_de
from participation.socle.models import Commune, Contour

FRANCE = (46.6, 2.5)  # where a map opens before any commune is known


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


def etendue() -> Etendue | None:
    """Return the box around the communes and their contours, computed once a minute; None without a commune."""
    lue = une_minute(
        "socle.etendue",
        lambda: (
            etendue_de(
                contours_des_communes().values(), [(c.longitude, c.latitude) for c in communes().values()]
            ),
        ),
    )
    return lue[0]


def hors_du_territoire(latitude: float, longitude: float) -> str:
    """Return why the point is refused, with the bounds of the territory; "" when it is inside, or nothing is known."""
    lue = etendue()
    if lue is None or lue.contient(latitude, longitude):
        return ""
    return (
        f"Ce point est hors du territoire : la latitude va de {nombre(lue.sud, 2)} à {nombre(lue.nord, 2)}, "
        f"la longitude de {nombre(lue.ouest, 2)} à {nombre(lue.est, 2)}."
    )


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
        "centre": lue.centre if (lue := etendue()) else FRANCE,
    }
