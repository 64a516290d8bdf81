"""Two hours typed beside one day: the second may be of the night that follows."""

from datetime import date, time, timedelta

MIDI = time(12)


def jour_de_fin(jour: date, de: time, a: time) -> date:
    """From 20:00 to 0:30 ends the next day. From 18:00 to 17:00 is a slip: it stays on that day, and is refused."""
    return jour + timedelta(days=1) if a < de and a < MIDI else jour
