"""What the map shows: points, the communes' contours that an agent imported, tiles only when the settings give some."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from participation.socle.francais import accorder
from participation.socle.models import Commune
from remontees.lectures.lieux import contours
from remontees.lectures.publics import FiltresDeSujets, nombres_par_commune
from remontees.workflow import FINIS

AU_PLUS = 500
CENTRE = (45.17, 5.72)


@dataclass(frozen=True, slots=True)
class PointDeCarte:
    """A marker, and the line of the list beside that says the same."""

    titre: str
    url: str
    lat: float
    long: float
    nombre: int = 0


def carte(points: Sequence[PointDeCarte]) -> dict[str, Any]:
    """What carte.js reads."""
    return {
        "points": [asdict(point) for point in points],
        "contours": [
            {"type": "Feature", "properties": {}, "geometry": geometrie.get("geometry") or geometrie}
            for geometrie in contours().values()
            if isinstance(geometrie, dict)
        ],
        "tuiles": settings.CARTE_TUILES,
        "mention": settings.CARTE_MENTION,
        "centre": CENTRE,
    }


def sujets_par_commune(filtres: FiltresDeSujets, adresse: str) -> list[PointDeCarte]:
    """One point a commune, where the commune is: a sujet has no point of its own, so that nobody is found by it."""
    nombres = nombres_par_commune(filtres)
    return [
        PointDeCarte(
            f"{commune.nom} : {accorder(nombres[commune.pk], 'sujet')}",
            f"{adresse}?{filtres.requete(commune=commune.pk)}",
            commune.latitude,
            commune.longitude,
            nombres[commune.pk],
        )
        for commune in Commune.objects.defer("contour").filter(pk__in=nombres)
    ]


def remontees_en_cours(visibles: Any) -> list[PointDeCarte]:
    """For agents: those still open that have a point, the last first."""
    trouvees = (
        visibles.filter(latitude__isnull=False).exclude(etat__in=sorted(FINIS)).order_by("-ouvert_le", "-pk")
    )
    return [
        PointDeCarte(f"{r.reference} : {r.titre}", r.get_absolute_url(), r.latitude, r.longitude)
        for r in trouvees[:AU_PLUS]
        if r.latitude is not None and r.longitude is not None
    ]
