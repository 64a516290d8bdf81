"""Acts dated in the past, for the demonstration only.

The journal cannot be edited afterwards, so the clock is changed during the act.
"""

import functools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from unittest.mock import patch

from django.apps import apps
from django.db.models import Field
from django.utils import timezone

_maintenant = timezone.now
_aujourd_hui = timezone.localdate


@contextmanager
def nous_sommes(instant: datetime) -> Iterator[None]:
    """In this context, `timezone.now()` starts at `instant` and runs. Field defaults that call it do the same."""
    depart = time.monotonic()

    def maintenant() -> datetime:
        return instant + timedelta(seconds=time.monotonic() - depart)

    def aujourd_hui() -> date:
        return timezone.localdate(maintenant())

    # In a nested context, the defaults are already replaced: keep those of the outer one.
    champs = [(champ, defaut) for champ, defaut in _qui_demandent_l_heure() if champ.default is defaut]
    with patch("django.utils.timezone.now", maintenant):
        try:
            for champ, defaut in champs:
                _poser(champ, maintenant if defaut is _maintenant else aujourd_hui)
            yield
        finally:
            for champ, defaut in champs:
                _poser(champ, defaut)


@functools.cache
def _qui_demandent_l_heure() -> "list[tuple[Field[object, object], object]]":
    """Fields whose default is the current time. Cached: must first be called before any clock change."""
    return [
        (champ, champ.default)
        for modele in apps.get_models()
        for champ in modele._meta.local_fields
        if isinstance(champ, Field) and champ.default in {_maintenant, _aujourd_hui}
    ]


def _poser(champ: "Field[object, object]", defaut: object) -> None:
    champ.default = defaut
    champ.__dict__.pop("_get_default", None)  # Django caches the function made from the default
