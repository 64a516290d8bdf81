"""What was said longer ago than the règlement keeps people."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from remontees.models import ReglementRemontees, Remontee
from remontees.workflow import FINIS

EFFACE = "(texte effacé au terme du délai de conservation)"


def a_anonymiser() -> Any:
    """What was answered, or set aside; the oldest first."""
    jour = ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)
    return (
        Remontee.objects.filter(etat__in=sorted(FINIS))
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .filter(finie_le__date__lt=jour)
        .exclude(verbatim=EFFACE)
        .order_by("finie_le", "pk")
    )
