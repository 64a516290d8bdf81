"""When the end of a marché is said: months before it, so that the next one is ready."""

from collections.abc import Iterable
from datetime import date

from participation.socle.calendrier import ajouter_mois


def alertes(fin: date, mois: Iterable[int], aujourdhui: date) -> list[tuple[int, date]]:
    """Return (months before the end, day) of the alerts to come, first ones first.

    Of those whose day is past, the last one alone is given, for today: the marché was written late.
    """
    dites = sorted(((combien, ajouter_mois(fin, -combien)) for combien in set(mois)), reverse=True)
    passees = [combien for combien, jour in dites if jour < aujourdhui]
    a_venir = [(combien, jour) for combien, jour in dites if jour >= aujourdhui]
    if passees and fin >= aujourdhui and (not a_venir or a_venir[0][1] > aujourdhui):
        return [(passees[-1], aujourdhui), *a_venir]
    return a_venir
