"""Delays as the law counts them: months, calendar days, working days with French public holidays."""

from datetime import date, timedelta
from functools import cache

import holidays


@cache
def _feries(annee: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=annee))


def est_ouvre(jour: date) -> bool:
    """Monday to Friday, outside the public holidays of metropolitan France."""
    return jour.weekday() < 5 and jour not in _feries(jour.year)


def prochain_jour_ouvre(jour: date) -> date:
    """`jour` itself when worked, else the next worked day (a delay that ends on a Sunday ends on the Monday)."""
    while not est_ouvre(jour):
        jour += timedelta(days=1)
    return jour


def ajouter_jours_ouvres(jour: date, nombre: int) -> date:
    for _ in range(nombre):
        jour = prochain_jour_ouvre(jour + timedelta(days=1))
    return jour


def ajouter_mois(jour: date, nombre: int) -> date:
    """Same day `nombre` months later, or the last day of that month: 31 December + 2 months is 28 or 29 February."""
    mois = jour.month - 1 + nombre
    annee, mois = jour.year + mois // 12, mois % 12 + 1
    for dernier in (jour.day, 30, 29, 28):
        try:
            return date(annee, mois, min(jour.day, dernier))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
