"""Erase the letters past their delay, according to the règlement in force today."""

from collections.abc import Iterator

from django.db.models import Q

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.models import Courriel, ReglementCourriels

LOT = 2000
# Letters still to be sent are never erased, however long the mail server is down.
A_PARTIR = (Courriel.Etat.A_ENVOYER, Courriel.Etat.EN_COURS, Courriel.Etat.RETENU, Courriel.Etat.A_REUNIR)


def purger_courriels() -> int:
    """Erase the letters past their delay (nightly task). Return their number.

    Without a règlement in force, nothing is erased.
    """
    reglement = ReglementCourriels.objects.en_vigueur()
    return sum(_purger(quoi, jours) for quoi, jours in _delais(reglement)) if reglement else 0


def _delais(reglement: ReglementCourriels) -> Iterator[tuple[Q, int]]:
    """Yield (condition on letters, days) pairs that do not overlap. The longest matching beginning wins."""
    yield Q(acte=""), reglement.jours_codes
    deja = Q(acte="")
    for delai in sorted(reglement.delais.all(), key=lambda d: -len(d.lettre)):
        siennes = Q(acte__startswith=delai.lettre)
        yield siennes & ~deja, delai.jours
        deja |= siennes
    yield ~deja, reglement.jours


def _purger(quoi: Q, jours: int) -> int:
    perimees = (
        Courriel.objects.filter(quoi, cree_le__lt=il_y_a_plus_de(jours)).exclude(etat__in=A_PARTIR).order_by()
    )
    nombre = 0
    while numeros := list(perimees.values_list("pk", flat=True)[:LOT]):
        Courriel.objects.filter(pk__in=numeros).delete()
        nombre += len(numeros)
    return nombre
