"""Delays of a convocation: clear days, worked days, days. Pure: a day in, a day out.

In « jours francs » neither the day of the sending nor that of the séance counts, and Sundays count as others (L2121-12 CGCT). In days
or in worked days, « cinq jours au moins avant la séance » (CRPA R133-8): the day of the séance does not count, that of the sending does.
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
    """The last day on which a convocation may leave for a séance held on `debut`. Raises ValueError on an unknown unit."""
    if delai < 0:
        raise ValueError("A delay is not negative.")
    match Unite(unite):
        case Unite.FRANCS:
            # Nought clear day still leaves the eve: the day itself never counts.
            return debut - timedelta(days=delai + 1)
        case Unite.CALENDAIRES:
            return debut - timedelta(days=delai)
        case Unite.OUVRES:
            jour = debut
            for _ in range(delai):
                jour = _jour_ouvre_avant(jour)
            return jour


def dernier_jour(jour: date, rang: int, delai: int, unite: str, delai_seconde: int) -> date:
    """The last day to convene a séance of `jour`; for a second convocation, its own shorter delay."""
    if rang > 1:
        return date_limite_convocation(jour, delai_seconde, Unite.CALENDAIRES)
    return date_limite_convocation(jour, delai, unite)


def en_mots(delai: int, unite: str) -> str:
    """« 5 jours francs », « 1 jour ouvré »."""
    adjectif = {Unite.FRANCS: " franc", Unite.OUVRES: " ouvré", Unite.CALENDAIRES: ""}[Unite(unite)]
    return accorder(delai, f"jour{adjectif}")


def _jour_ouvre_avant(jour: date) -> date:
    jour -= timedelta(days=1)
    while not est_ouvre(jour):
        jour -= timedelta(days=1)
    return jour
