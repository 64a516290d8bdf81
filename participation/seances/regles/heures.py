"""Two hours typed for one day, where the second may be after midnight."""

from datetime import date, time, timedelta

MIDI = time(12)


def jour_de_fin(jour: date, de: time, a: time) -> date:
    """Return the day of the end. 20:00 to 0:30 ends the next day.

    18:00 to 17:00 is a mistake: it stays on the same day, so that the form refuses it.
    """
    return jour + timedelta(days=1) if a < de and a < MIDI else jour
