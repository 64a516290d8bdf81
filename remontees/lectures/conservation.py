"""What was said longer ago than the règlement keeps people."""

from typing import Any

from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from remontees.models import ReglementRemontees, Remontee
from remontees.workflow import FINIS

EFFACE = "(texte effacé au terme du délai de conservation)"
EFFACE_AVANT = "(texte effacé par le service avant le terme du délai de conservation)"
EFFACES = (EFFACE, EFFACE_AVANT)


def a_anonymiser() -> Any:
    """What was answered, or set aside; the oldest first."""
    jour = ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)
    return (
        Remontee.objects.filter(etat__in=sorted(FINIS))
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .filter(finie_le__date__lt=jour)
        .exclude(verbatim__in=(EFFACE, EFFACE_AVANT))
        .order_by("finie_le", "pk")
    )


def texte_efface(remontee: Remontee) -> str:
    """What is read in place of the words: erased when it had to be, or before."""
    if remontee.verbatim in EFFACES:
        return remontee.verbatim
    return EFFACE if a_anonymiser().filter(pk=remontee.pk).exists() else EFFACE_AVANT
