"""How many volunteers have each value, and how many of them sit: kept with the draw, so that a page reads none of them."""

from collections import Counter
from typing import Any

from django.db.models import Count

from participation.socle.regles.tableaux import simplifier
from participation.tirage.models import Tirage
from participation.tirage.workflow import EtatTirage, Place

ASSISES = (Place.PANEL, Place.ENTREE)


def compter(tirage: Tirage) -> dict[str, Any]:
    """Return the counts of the volunteers, read in one query by profile. Kept in `Tirage.comptes` once the list is frozen."""
    lus = (
        tirage.volontaires.order_by()
        .values_list("profil", "est_ecarte_par_foyer", "place")
        .annotate(combien=Count("pk"))
    )
    tous: Counter[tuple[str, str]] = Counter()
    assis: Counter[tuple[str, str]] = Counter()
    volontaires = tirables = 0
    for profil, est_ecarte, place, combien in lus:
        volontaires += combien
        tirables += 0 if est_ecarte else combien
        for categorie, valeur in profil.items():
            tous[categorie, str(valeur)] += combien
            if place in ASSISES:
                assis[categorie, str(valeur)] += combien
    return {
        "volontaires": volontaires,
        "tirables": tirables,
        "foyers": foyers_partages(tirage),
        "reserve": list(
            tirage.volontaires.filter(est_en_reserve=True).par_billet().values_list("numero", flat=True)
        ),
        "quotas": [
            [tous[quota.categorie, quota.valeur], assis[quota.categorie, quota.valeur]]
            for quota in tirage.quotas.all()
        ],
    }


def comptes_de(tirage: Tirage) -> dict[str, Any]:
    """Return the counts: those that were kept, or those of now while the list may change."""
    return tirage.comptes or compter(tirage)


def repartition(tirage: Tirage) -> list[dict[str, Any]]:
    """Return, for each quota, how many volunteers have the value and how many of them sit (None before the draw)."""
    est_tire = tirage.etat == EtatTirage.TIRE
    return [
        {
            "categorie": quota.categorie,
            "valeur": quota.valeur,
            "bornes": quota.bornes,
            "volontaires": combien,
            "manquent": max(0, quota.minimum - combien),
            "assis": assis if est_tire else None,
            "est_tenu": not est_tire or quota.minimum <= assis <= quota.maximum,
        }
        for quota, (combien, assis) in zip(tirage.quotas.all(), comptes_de(tirage)["quotas"], strict=True)
    ]


def foyers_partages(tirage: Tirage) -> int:
    """Return how many households have several volunteers."""
    combien = Counter(
        simplifier(foyer) for foyer in tirage.volontaires.exclude(foyer="").values_list("foyer", flat=True)
    )
    return sum(nombre > 1 for nombre in combien.values())
