"""What people say they need in order to come: kept as long as it serves to welcome them, then forgotten."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from participation.seances.models import Convie, Inscription


def oublier_besoins() -> int:
    """Erase needs and their details once the séance is over since BESOINS_JOURS days. Returns how many answers held some.

    Usual needs stay in the profile: they are the person's own, to change or empty.
    """
    avant = timezone.localtime() - timedelta(days=settings.BESOINS_JOURS)
    return sum(
        modele._default_manager.filter(seance__fin__lt=avant)
        .exclude(besoins=[], precisions="")
        .update(besoins=[], precisions="")
        for modele in (Convie, Inscription)
    )
