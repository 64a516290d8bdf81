"""Refreshing the screens of a séance after an act that writes no line in its journal."""

from django.db.models import F

from participation.seances.models import Seance


def signaler(seance: Seance) -> None:
    """Increment the version that the screens poll.

    Every act that a screen shows and that writes no line in the journal must call it.
    """
    Seance.objects.filter(pk=seance.pk).update(version=F("version") + 1)
    seance.refresh_from_db(fields=["version"])
