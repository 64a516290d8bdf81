"""What people say they need in order to come: kept as long as it serves to welcome them, then forgotten."""

from django.conf import settings

from participation.seances.models import Convie, Inscription
from participation.socle.calendrier import il_y_a_plus_de


def oublier_besoins() -> int:
    """Erase needs and their details once the séance is over since BESOINS_JOURS days. Returns how many answers held some.

    Usual needs stay in the profile: they are the person's own, to change or empty.
    """
    avant = il_y_a_plus_de(settings.BESOINS_JOURS)
    return sum(
        modele._default_manager.filter(seance__fin__lt=avant)
        .exclude(besoins=[], precisions="")
        .update(besoins=[], precisions="")
        for modele in (Convie, Inscription)
    )
