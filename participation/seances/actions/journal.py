"""The screens of a séance are told of what has no line in its journal."""

from django.db.models import F

from participation.seances.models import Seance


def signaler(seance: Seance) -> None:
    """Move the version that the screens ask for: to be called by every act that a screen shows and no journal keeps."""
    Seance.objects.filter(pk=seance.pk).update(version=F("version") + 1)
    seance.refresh_from_db(fields=["version"])
