"""The points of the maps: sujets by commune for everybody, remontées still open for the agents."""

from typing import Any

from participation.socle.francais import accorder
from participation.socle.lectures.cartes import PointDeCarte
from participation.socle.models import Commune
from remontees.lectures.publics import FiltresDeSujets, nombres_par_commune
from remontees.workflow import FINIS

AU_PLUS = 500


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
        for commune in Commune.objects.filter(pk__in=nombres)
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
