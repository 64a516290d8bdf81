"""Delays as the law counts them: months, calendar days, working days without French public holidays."""

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays
from django.db.models import Q
from django.utils import timezone


@cache
def _feries(annee: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=annee))


def est_ouvre(jour: date) -> bool:
    """Whether the day is worked: Monday to Friday, outside the public holidays of metropolitan France."""
    return jour.weekday() < 5 and jour not in _feries(jour.year)


def prochain_jour_ouvre(jour: date) -> date:
    """Return `jour` if worked, else the next working day: a delay ending on a Sunday ends on the Monday."""
    while not est_ouvre(jour):
        jour += timedelta(days=1)
    return jour


def ajouter_jours_ouvres(jour: date, nombre: int) -> date:
    """Return the working day that comes `nombre` working days after `jour`.

    With 0: `jour`, or the next working day.
    """
    jour = prochain_jour_ouvre(jour)
    for _ in range(nombre):
        jour = prochain_jour_ouvre(jour + timedelta(days=1))
    return jour


def jours_entre(debut: datetime, fin: datetime) -> int:
    """Return the number of calendar days between two instants, in Paris.

    A day of 23 or 25 hours counts as one, and from one evening to the next morning is one day.
    """
    return (timezone.localdate(fin) - timezone.localdate(debut)).days


def debut_du_jour(jour: date | None = None) -> datetime:
    """Return midnight in Paris at the start of this day (today by default)."""
    return timezone.make_aware(datetime.combine(jour or timezone.localdate(), time.min))


def il_y_a_plus_de(jours: int) -> datetime:
    """Return the instant before which anything has been kept at least `jours` whole days.

    It is a midnight: the hour of the act, and that of the task, do not matter.
    """
    return debut_du_jour(timezone.localdate() - timedelta(days=jours))


def est_loin(champ: str, duree: timedelta) -> Q:
    """Keep the rows whose instant `champ` is more than `duree` ago, or as far ahead: a clock had jumped."""
    maintenant = timezone.now()
    return Q(**{f"{champ}__lt": maintenant - duree}) | Q(**{f"{champ}__gt": maintenant + duree})


def fin_du_jour() -> datetime:
    """Return the next midnight."""
    return debut_du_jour(timezone.localdate() + timedelta(days=1))


def du_au(champ: str, debut: date, fin: date) -> Q:
    """Condition: the instant `champ` is from the day `debut` to the day `fin`, both included.

    Read along its index, and counted in advance by the planner, which knows nothing of « the day of » an instant.
    """
    return Q(
        **{f"{champ}__gte": debut_du_jour(debut), f"{champ}__lt": debut_du_jour(fin + timedelta(days=1))}
    )


def ajouter_mois(jour: date, nombre: int) -> date:
    """Return the same day `nombre` months later, or the last day of that month.

    31 December + 2 months is 28 or 29 February.
    """
    mois = jour.month - 1 + nombre
    annee, mois = jour.year + mois // 12, mois % 12 + 1
    for dernier in (jour.day, 30, 29, 28):
        try:
            return date(annee, mois, min(jour.day, dernier))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
