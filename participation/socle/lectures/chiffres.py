"""Figures of hundreds of thousands of rows: a periodic task counts them, pages read them and say the time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from participation.socle.models import ChiffreTenu

# An older count is not shown: the task has stopped, and the page counts itself.
VALABLE = timedelta(hours=1)


class Lu(NamedTuple):
    valeur: Any
    le: datetime  # when it was counted


@dataclass(frozen=True, slots=True)
class Tenu:
    """A figure kept by `actions.chiffres.tenir`, once the `vitrine` of its app gives it.

    `compter` must return what JSON holds unchanged: the keys of a dictionary are text.
    """

    cle: str
    compter: Callable[[], Any]

    def lire(self) -> Lu:
        """Return the kept figure; count it now while none is kept, or when the kept one is too old."""
        garde = ChiffreTenu.objects.filter(cle=self.cle, le__gt=timezone.now() - VALABLE).first()
        return Lu(garde.valeur, garde.le) if garde is not None else Lu(self.compter(), timezone.now())

    def oublier(self) -> None:
        """Have the figure counted again, since what it counts has just changed."""
        ChiffreTenu.objects.filter(cle=self.cle).delete()
