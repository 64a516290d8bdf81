"""Map of the idées and projets of a budget: at their point, else at the centre of their quartier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.urls import reverse

from contrat_ville.lectures.inter_quartiers.publics import Filtres
from contrat_ville.models import Budget, Idee, ProjetQuartier
from contrat_ville.regles.points import centre_de
from participation.socle.francais import accorder
from participation.socle.lectures.cartes import PointDeCarte, carte, contours_des_quartiers
from participation.socle.models import Quartier

AU_PLUS = 500


@dataclass(frozen=True, slots=True)
class SansPoint:
    """Idées without a point, in a quartier without a known outline."""

    nom: str
    url: str
    combien: int


@dataclass(frozen=True, slots=True)
class CarteDuBudget:
    """Data of carte.js, the list of its points, and the idées that are not on the map."""

    carte: dict[str, Any]
    points: Sequence[PointDeCarte]
    sans_point: Sequence[SansPoint]


def carte_des_idees(budget: Budget) -> CarteDuBudget:
    quartiers: Any = Quartier.objects.select_related("commune").order_by("commune__cle_tri", "nom")
    contours, nombres = contours_des_quartiers(), _sans_point(budget)
    adresse = reverse("contrat_ville:idees_publiques", args=[budget.pk])
    points, sans_point = _points(budget), []
    for quartier in quartiers:
        if combien := nombres.get(quartier.pk, 0):
            url = f"{adresse}?{Filtres(quartier=quartier.pk).requete()}"
            centre = centre_de(contours.get(quartier.pk))
            if centre is None:
                sans_point.append(SansPoint(str(quartier), url, combien))
                continue
            titre = f"{quartier} : {accorder(combien, 'idée sans point précis', 'idées sans point précis')}"
            points.append(PointDeCarte(titre, url, *centre))
    # The marker and its line in the list have the same number.
    points = [replace(point, nombre=rang) for rang, point in enumerate(points, start=1)]
    traces = [contours[quartier.pk] for quartier in quartiers if contours.get(quartier.pk)]
    return CarteDuBudget(carte(points, traces), points, sans_point)


def _points(budget: Budget) -> list[PointDeCarte]:
    points = []
    for modele, mot in ((Idee, "Idée"), (ProjetQuartier, "Projet")):
        voix: Any = modele.objects.publics().filter(budget=budget.pk, latitude__isnull=False)
        points += [
            PointDeCarte(f"{mot} : {une.titre}", une.get_public_url(), une.latitude, une.longitude)
            for une in voix.order_by("-ouvert_le", "-pk")[:AU_PLUS]
        ]
    return points


def _sans_point(budget: Budget) -> dict[int, int]:
    sans: Any = Idee.objects.publics().filter(budget=budget.pk, latitude=None, quartiers__isnull=False)
    return dict(sans.order_by().values_list("quartiers").annotate(n=Count("pk", distinct=True)))
