"""What a member is owed for a séance: by the hour or by the half-day, from arrivals and departures, within a ceiling."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

CENTIME = Decimal("0.01")


def minutes_presentes(
    intervalles: Iterable[tuple[datetime, datetime | None]], debut: datetime, fin: datetime
) -> int:
    """Return the minutes of these presences, between the beginning and the end of the séance.

    Who did not note a departure stayed until the end. Intervals do not overlap.
    """
    total = 0.0
    for arrivee, depart in intervalles:
        de, a = max(arrivee, debut), min(depart or fin, fin)
        total += max(0.0, (a - de).total_seconds())
    return int(total // 60)


def unites(minutes: int, heures_demi_journee: Decimal | None) -> Decimal:
    """Return hours, or half-days begun when `heures_demi_journee` says how long one is."""
    heures = Decimal(minutes) / 60
    return (
        heures
        if heures_demi_journee is None
        else (heures / heures_demi_journee).to_integral_value(ROUND_CEILING)
    )


def indemnite(combien: Decimal, taux: Decimal, plafond: Decimal | None) -> Decimal:
    """Return the amount of so many hours or half-days, rounded to the cent."""
    somme = (taux * combien).quantize(CENTIME, ROUND_HALF_UP)
    return somme if plafond is None else min(somme, plafond)
