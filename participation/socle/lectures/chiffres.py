"""Figures: of the last twelve months, as a calendar year would begin empty; of many rows, counted by a task, read with their time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
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


EN_DOUZE_MOIS = "en douze mois"


def des_douze_mois(champ: str, *, est_un_jour: bool = False) -> Q:
    """Condition: during the twelve months that end today, in days of Paris.

    From the day after the same day a year ago. `champ` is an instant, or a day if `est_un_jour`.
    """
    jour = timezone.localdate()
    debut, fin = ajouter_mois(jour, -12) + timedelta(days=1), jour + timedelta(days=1)
    if est_un_jour:
        return Q(**{f"{champ}__gte": debut, f"{champ}__lt": fin})
    bornes = (timezone.make_aware(datetime.combine(borne, time.min)) for borne in (debut, fin))
    return Q(**dict(zip((f"{champ}__gte", f"{champ}__lt"), bornes, strict=True)))
