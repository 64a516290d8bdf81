"""What was said longer ago than the règlement keeps people."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from remontees.models import Message, ReglementRemontees, Remontee, Satisfaction
from remontees.workflow import FINIS

# What is read in place of the words: erased when it had to be, or before.
EFFACE = "(texte effacé au terme du délai de conservation)"
EFFACE_AVANT = "(texte effacé par le service avant le terme du délai de conservation)"
EFFACES = (EFFACE, EFFACE_AVANT)


def pas_anonymes() -> Any:
    """What is finished, and where words of somebody are left, whatever the delay."""
    mots = Satisfaction.objects.filter(remontee=OuterRef("pk")).exclude(mot="")
    return Remontee.objects.filter(
        ~Q(verbatim__in=EFFACES) | Exists(_messages()) | Exists(mots), etat__in=sorted(FINIS)
    )


def _messages() -> Any:
    return Message.objects.filter(remontee=OuterRef("pk")).exclude(texte__in=EFFACES)


def a_anonymiser() -> Any:
    """What was answered, or set aside, and those who wrote again since by a link that they kept; the oldest first.

    Not what nobody has read yet, nor what was said within the delay.
    """
    jour = ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)
    recents = _messages().filter(
        Q(ecrit_le__date__gte=jour) | Q(pk__in=Message.objects.non_lus().values("pk"))
    )
    return (
        pas_anonymes()
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .filter(finie_le__date__lt=jour)
        .exclude(Exists(recents))
        .order_by("finie_le", "pk")
    )
