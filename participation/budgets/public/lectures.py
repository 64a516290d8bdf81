"""Public pages of a budget: idées and projets found, figures, maps. Never the authors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse

from participation.budgets.models import Budget, Idee, ProjetQuartier
from participation.budgets.workflow.budget import EN_PREPARATION, LAUREATS, SOUMIS_AU_VOTE, EtatProjetQuartier
from participation.socle.forms.filters import chercher
from participation.socle.francais import accorder
from participation.socle.graphiques import Carte
from participation.socle.lectures.cartes import (
    PointDeCarte,
    carte,
    carte_des_communes,
    contours_des_quartiers,
)
from participation.socle.models import Quartier

P = EtatProjetQuartier


# Words of the filter, with their états.
ETATS_DES_PROJETS: dict[str, tuple[str, frozenset[str]]] = {
    "prepare": ("En préparation ou à l’étude", EN_PREPARATION - {P.INFAISABLE}),
    "vote": ("Soumis au vote", frozenset({P.AU_VOTE})),
    "laureat": ("Lauréats", LAUREATS),
    "realise": ("Réalisés", frozenset({P.REALISE})),
    "non": ("Non retenus ou non réalisables", frozenset({P.NON_RETENU, P.INFAISABLE, P.ABANDONNE})),
}
ETATS_PUBLICS = [("", "Tous"), *((cle, mot) for cle, (mot, _) in ETATS_DES_PROJETS.items())]
BORNES = (2, 4, 7, 11)


@dataclass(frozen=True, slots=True)
class Filtres:
    q: str = ""
    quartier: int | None = None
    commune: str = ""
    etat: str = ""

    def requete(self, **changes: Any) -> str:
        autre = replace(self, **changes)
        poses = {"q": autre.q, "quartier": autre.quartier or "", "etat": autre.etat}
        return urlencode({cle: valeur for cle, valeur in poses.items() if valeur})


def projets(budget: Budget, filtres: Filtres) -> Any:
    """Published projets that match the filters, by title."""
    trouves: Any = _filtrer(ProjetQuartier.objects.publics().filter(budget=budget.pk), filtres)
    if filtres.etat in ETATS_DES_PROJETS:
        trouves = trouves.filter(etat__in=sorted(ETATS_DES_PROJETS[filtres.etat][1]))
    return (
        trouves.annotate(combien=Count("idees", distinct=True))
        .prefetch_related("quartiers")
        .order_by("titre", "pk")
    )


def idees(budget: Budget, filtres: Filtres) -> Any:
    trouvees: Any = _filtrer(Idee.objects.publics().filter(budget=budget.pk), filtres)
    return (
        trouvees.select_related("projet_quartier").prefetch_related("quartiers").order_by("-ouvert_le", "-pk")
    )


def _filtrer(objets: Any, filtres: Filtres) -> Any:
    if filtres.quartier is not None:
        objets = objets.filter(quartiers=filtres.quartier)
    return chercher(objets, filtres.q) if filtres.q else objets


def carte_par_commune(budget: Budget) -> Carte:
    """Published projets by commune. A projet in two communes counts in each."""
    nombres = dict(
        ProjetQuartier.objects.publics()
        .filter(budget=budget.pk, communes__isnull=False)
        .order_by()
        .values_list("communes")
        .annotate(n=Count("pk", distinct=True))
    )
    return carte_des_communes(nombres, "Projets par commune", "projets", bornes=BORNES)


@dataclass(frozen=True, slots=True)
class ParQuartier:
    nom: str
    commune: str
    idees: int
    projets: int
    requete: str


def par_quartier(budget: Budget, quartiers: Iterable[Any]) -> list[ParQuartier]:
    """Number of published idées and projets in each quartier, for the table beside the map."""

    def compter(objets: Any) -> dict[int, int]:
        trouves = objets.filter(budget=budget.pk, quartiers__isnull=False).order_by()
        return dict(trouves.values_list("quartiers").annotate(n=Count("pk", distinct=True)))

    nombres_idees, nombres_projets = (
        compter(Idee.objects.publics()),
        compter(ProjetQuartier.objects.publics()),
    )
    return [
        ParQuartier(
            q.nom,
            str(q.commune),
            nombres_idees.get(q.pk, 0),
            nombres_projets.get(q.pk, 0),
            Filtres(quartier=q.pk).requete(),
        )
        for q in quartiers
    ]


def chiffres(budget: Budget) -> dict[str, int]:
    """Public figures: published idées and projets, projets put to the vote, winning projets."""
    lus = budget.projets.filter(est_publie=True).aggregate(
        projets=Count("pk"),
        au_vote=Count("pk", filter=Q(etat__in=sorted(SOUMIS_AU_VOTE))),
        laureats=Count("pk", filter=Q(etat__in=sorted(LAUREATS))),
    )
    return {"idees": Idee.objects.publics().filter(budget=budget.pk).count(), **lus}


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
    adresse = reverse("budgets:idees_publiques", args=[budget.pk])
    points, sans_point = _points(budget), []
    for quartier in quartiers:
        if combien := nombres.get(quartier.pk, 0):
            url = f"{adresse}?{Filtres(quartier=quartier.pk).requete()}"
            centre = _centre_de(contours.get(quartier.pk))
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


def _centre_de(contour: Any) -> tuple[float, float] | None:
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
