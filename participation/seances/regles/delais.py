"""Delays of a convocation, in clear days, working days or calendar days. No query, no clock.

In « jours francs », neither the day of sending nor the day of the séance counts; Sundays count like other
days (L2121-12 CGCT). In calendar or working days, « cinq jours au moins avant la séance » (CRPA R133-8): the
day of the séance does not count, the day of sending does.
"""

from datetime import date, timedelta
from enum import StrEnum

from participation.socle.calendrier import est_ouvre
from participation.socle.francais import accorder


class Unite(StrEnum):
    FRANCS = "francs"
    OUVRES = "ouvres"
    CALENDAIRES = "calendaires"


def date_limite_convocation(debut: date, delai: int, unite: str) -> date:
    """Return the last day on which a convocation may be sent for a séance held on `debut`.

    Raises ValueError on an unknown unit or a negative delay.
    """
    if delai < 0:
        raise ValueError("A delay is not negative.")
    match Unite(unite):
        case Unite.FRANCS:
            # A delay of 0 clear days still ends the day before: the day of the séance never counts.
            return debut - timedelta(days=delai + 1)
        case Unite.CALENDAIRES:
            return debut - timedelta(days=delai)
        case Unite.OUVRES:
            jour = debut
            for _ in range(delai):
                jour = _jour_ouvre_avant(jour)
            return jour


def dernier_jour(jour: date, rang: int, delai: int, unite: str, delai_seconde: int) -> date:
    """Return the last day to convene a séance held on `jour`.

    A second convocation (`rang` > 1) has its own shorter delay, in calendar days.
    """
    if rang > 1:
        return date_limite_convocation(jour, delai_seconde, Unite.CALENDAIRES)
    return date_limite_convocation(jour, delai, unite)


def en_mots(delai: int, unite: str) -> str:
    """Return the delay in words: « 5 jours francs », « 1 jour ouvré »."""
    adjectif = {Unite.FRANCS: " franc", Unite.OUVRES: " ouvré", Unite.CALENDAIRES: ""}[Unite(unite)]
    return accorder(delai, f"jour{adjectif}")


def _jour_ouvre_avant(jour: date) -> date:
    jour -= timedelta(days=1)
    while not est_ouvre(jour):
        jour -= timedelta(days=1)
    return jour
