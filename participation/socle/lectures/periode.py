"""Period of the public figures: the last twelve months. A calendar year would begin empty on 1 January."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois

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
