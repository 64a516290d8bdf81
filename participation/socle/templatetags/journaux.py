"""What a page of a journal says once of lines that say the same."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()

COMPTE_COURANT = re.compile(r" \(\d+ sur \d+\)$")


@register.filter
def fusionner(journal: Iterable[Any]) -> list[Any]:
    """The lines of a journal, those in a row that say the same on the same day made one: the latest, with how many (`fois`)."""
    lignes: list[Any] = []
    for entree in journal:
        # A running count (« 12 sur 50 ») says the same each time: the latest is the one to read.
        dit = (
            COMPTE_COURANT.sub("", entree.fait),
            entree.motif,
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
