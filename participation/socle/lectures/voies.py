"""Streets proposed to who types a place."""

from django.db.models import Case, When

from participation.socle.models import Voie
from participation.socle.models.voies import NOM_MAX, simplifier_la_voie

PROPOSEES, LETTRES_MIN = 10, 3


def voies_proches(cherche: str, commune: str = "") -> list[Voie]:
    """Return the streets whose name has each word: first those of `commune` (its INSEE code), then those that begin so."""
    simple = simplifier_la_voie(cherche[:NOM_MAX])
    if len(simple) < LETTRES_MIN:
        return []
    voies = Voie.objects.select_related("commune")
    for mot in simple.split():
        voies = voies.filter(simple__contains=mot)
    ici = Case(When(commune=commune if commune.isalnum() else "", then=0), default=1)
    rang = Case(When(simple__startswith=simple, then=0), When(simple__contains=simple, then=1), default=2)
    return list(voies.order_by(ici, rang, "simple", "commune__cle_tri")[:PROPOSEES])
