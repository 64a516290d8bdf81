"""Remontées older than the term set by the règlement."""

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
    """Return the finished remontées that still hold words of a person, whatever their age."""
    return _finies().filter(pk__in=_dites().union(_messages().values("remontee"), _mots(), all=True))


# These queries use the partial indexes on rows not erased: after some years, nearly all are.


def _finies() -> Any:
    return Remontee.objects.filter(etat__in=sorted(FINIS))


def _dites() -> Any:
    return _finies().exclude(verbatim__in=EFFACES).order_by().values("pk")


def _messages() -> Any:
    return Message.objects.exclude(texte__in=EFFACES).order_by()


def _mots() -> Any:
    return Satisfaction.objects.exclude(mot="").values("remontee")


def a_anonymiser() -> Any:
    """Return the remontées to erase, the oldest first.

    Those finished before the term, unless a message is unread or more recent than it. A message or comment
    written after a first erasure counts too.
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
