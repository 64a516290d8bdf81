"""What was said longer ago than the règlement keeps people."""

from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from participation.socle.calendrier import ajouter_mois
from remontees.models import Message, ReglementRemontees, Remontee, Satisfaction
from remontees.models.remontees import EFFACES
from remontees.workflow import FINIS


def pas_anonymes() -> Any:
    """What is finished, and where words of somebody are left, whatever the delay."""
    return _finies().filter(pk__in=_dites().union(_messages().values("remontee"), _mots(), all=True))


# Found by the indexes of what is not erased: with years, nearly all is.


def _finies() -> Any:
    return Remontee.objects.filter(etat__in=sorted(FINIS))


def _dites() -> Any:
    return _finies().exclude(verbatim__in=EFFACES).order_by().values("pk")


def _messages() -> Any:
    return Message.objects.exclude(texte__in=EFFACES).order_by()


def _mots() -> Any:
    return Satisfaction.objects.exclude(mot="").values("remontee")


def a_anonymiser() -> Any:
    """What was answered, or set aside, and those who wrote again since by a link that they kept; the oldest first.

    Not what nobody has read yet, nor what was said within the delay.
    """
    jour = ajouter_mois(timezone.localdate(), -ReglementRemontees.actuel().conservation_mois)
    debut = timezone.make_aware(datetime.combine(jour, time.min))
    anciens = _messages().filter(ecrit_le__lt=debut).values("remontee")
    dites = _dites().filter(repondue_le__lt=debut)
    recents = _messages().filter(
        Q(ecrit_le__gte=debut) | Q(pk__in=Message.objects.non_lus().values("pk")), remontee=OuterRef("pk")
    )
    return (
        _finies()
        .filter(pk__in=dites.union(_dites().filter(repondue_le=None), anciens, _mots(), all=True))
        .annotate(finie_le=Coalesce("repondue_le", "modifie_le"))
        .filter(finie_le__lt=debut)
        .exclude(Exists(recents))
        .order_by("finie_le", "pk")
    )
