"""Erasing the needs (interpreter, childcare…) that people stated in order to come."""

from django.conf import settings

from participation.seances.models import Convie, Inscription
from participation.socle.calendrier import il_y_a_plus_de


def oublier_besoins() -> int:
    """Erase needs and their details, BESOINS_JOURS days after the séance. Return how many answers had some.

    Usual needs stay in the profile, which the person may change or empty.
    """
    avant = il_y_a_plus_de(settings.BESOINS_JOURS)
    return sum(
        modele._default_manager.filter(seance__fin__lt=avant)
        .exclude(besoins=[], precisions="")
        .update(besoins=[], precisions="")
        for modele in (Convie, Inscription)
    )
