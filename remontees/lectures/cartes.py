"""Points of the maps: published sujets by commune for everyone, open remontées for agents."""

from typing import Any

from participation.socle.francais import accorder
from participation.socle.lectures.cartes import PointDeCarte
from participation.socle.models import Commune
from remontees.lectures.publics import FiltresDeSujets, nombres_par_commune
from remontees.workflow import FINIS

AU_PLUS = 500


def sujets_par_commune(filtres: FiltresDeSujets, adresse: str) -> list[PointDeCarte]:
    """Return one point per commune, at its centre: an exact place could identify a person."""
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
    """Return the open remontées that have a point, the latest first, at most AU_PLUS."""
    trouvees = (
        visibles.filter(latitude__isnull=False).exclude(etat__in=sorted(FINIS)).order_by("-ouvert_le", "-pk")
    )
    return [
        PointDeCarte(f"{r.reference} : {r.titre}", r.get_absolute_url(), r.latitude, r.longitude)
        for r in trouvees[:AU_PLUS]
        if r.latitude is not None and r.longitude is not None
    ]
