"""Remontées similar to another: near in text, place and date. Proposed only; an agent decides."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import TrigramDistance
from django.db.models import Q

from participation.socle.regles.mots import mots_communs
from remontees.models import Remontee
from remontees.workflow import Etat

COMBIEN, JOURS = 3, 90
# Below this similarity, matches are chance (measured on a trial corpus).
RESSEMBLANCE_MIN = 0.17
# Rows read by the index, before the threshold is applied.
LUES = 12


@dataclass(frozen=True, slots=True)
class Semblable:
    remontee: Any
    mots: list[str]


def semblables(remontee: Remontee, combien: int = COMBIEN) -> list[Semblable]:
    """Return the nearest remontées, in two queries: keys by the trigram index, then rows.

    Same commune, within JOURS days, same category or none.
    """
    if not remontee.mots or remontee.est_discrimination:
        return []
    debut, fin = (remontee.entendue_le + timedelta(days=jours) for jours in (-JOURS, JOURS))
    lieu = Q(commune=remontee.commune_id) if remontee.commune_id else Q(commune__isnull=True)
    proches = (
        Remontee.objects.filter(lieu, entendue_le__range=(debut, fin), est_discrimination=False)
        .exclude(pk=remontee.pk)
        .exclude(etat=Etat.ECARTEE)
    )
    if remontee.categorie_id:
        proches = proches.filter(Q(categorie=remontee.categorie_id) | Q(categorie__isnull=True))
    cles = dict(
        proches.order_by(TrigramDistance("mots", remontee.mots)).values_list(
            "pk", TrigramDistance("mots", remontee.mots)
        )[:LUES]
    )
    gardees = [pk for pk, distance in cles.items() if distance <= 1 - RESSEMBLANCE_MIN][:combien]
    lues: Any = Remontee.objects.select_related("categorie", "commune", "quartier", "sujet_commun").in_bulk(
        gardees
    )
    return [
        Semblable(lues[pk], mots_communs(remontee.verbatim, lues[pk].verbatim))
        for pk in gardees
        if pk in lues
    ]
