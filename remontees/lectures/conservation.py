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


def a_anonymiser() -> Any:
    """What was answered, or set aside, and those who wrote again since by a link that they kept; the oldest first.

    Not what nobody has read yet, nor what was said within the delay.
    """
    jour = ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)
    messages = Message.objects.filter(remontee=OuterRef("pk")).exclude(texte__in=EFFACES)
    recents = messages.filter(Q(ecrit_le__date__gte=jour) | Q(pk__in=Message.objects.non_lus().values("pk")))
    mots = Satisfaction.objects.filter(remontee=OuterRef("pk")).exclude(mot="")
    return (
        Remontee.objects.filter(etat__in=sorted(FINIS))
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .filter(finie_le__date__lt=jour)
        .filter(~Q(verbatim__in=EFFACES) | Exists(messages) | Exists(mots))
        .exclude(Exists(recents))
        .order_by("finie_le", "pk")
    )
