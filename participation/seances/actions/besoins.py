"""Erasing the needs (interpreter, childcare…) that people stated in order to come."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from participation.seances.models import Convie, Inscription


def oublier_besoins() -> int:
    """Erase needs and their details, BESOINS_JOURS days after the séance. Return how many answers had some.

    Usual needs stay in the profile, which the person may change or empty.
    """
    avant = timezone.localtime() - timedelta(days=settings.BESOINS_JOURS)
    return sum(
        modele._default_manager.filter(seance__fin__lt=avant)
        .exclude(besoins=[], precisions="")
        .update(besoins=[], precisions="")
        for modele in (Convie, Inscription)
    )
