"""Filter for the pages of a journal: merge repeated lines."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

from participation.socle.models.suivi import nommer

register = template.Library()

COMPTE_COURANT = re.compile(r" \(\d+ sur \d+\)$")


@register.filter
def fusionner(journal: Iterable[Any]) -> list[Any]:
    """Merge consecutive lines of the same day with the same words.

    Each keeps the latest, and its count (`fois`).
    """
    lignes: list[Any] = []
    for entree in nommer(journal):
        # A running count (« 12 sur 50 ») is ignored in the comparison.
        dit = (
            COMPTE_COURANT.sub("", entree.fait_en_clair),
            entree.motif_en_clair,
            entree.par_qui,
            entree.etat_apres,
            timezone.localdate(entree.le),
        )
        if lignes and lignes[-1].dit == dit:
            lignes[-1].fois += 1
            continue
        entree.dit, entree.fois = dit, 1
        lignes.append(entree)
    return lignes
