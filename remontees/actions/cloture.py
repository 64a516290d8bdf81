"""Automatic closing of answered remontées."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from participation.socle.erreurs import ActeInterdit
from remontees.actions.reponse import clore
from remontees.models import ReglementRemontees, Remontee
from remontees.workflow import Etat


def clore_les_repondues() -> int:
    """Close the remontées answered longer ago than `cloture_jours`; return how many."""
    jour = timezone.localdate() - timedelta(days=ReglementRemontees.actuel().cloture_jours)
    anciennes: Any = Remontee.objects.filter(
        etat__in=[Etat.REPONDUE, Etat.ORIENTEE], repondue_le__date__lt=jour
    ).order_by("pk")
    closes = 0
    for remontee in anciennes.iterator(chunk_size=500):
        try:
            clore(remontee, par=None)
            closes += 1
        except ActeInterdit:
            continue  # reopened meanwhile
    return closes
