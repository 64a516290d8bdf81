"""Count again the figures that pages only read."""

from django.db import transaction
from django.utils import timezone

from participation.socle.bd.verrous import verrou_libre
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.mise_en_place import BLOQUANTS
from participation.socle.models import ChiffreTenu
from participation.socle.vitrine import recueillir


def tenir_les_chiffres() -> None:
    """Count each figure, one transaction for each, and forget those that no app gives any more."""
    tenus = [BLOQUANTS, *recueillir("chiffres_tenus")]
    for tenu in tenus:
        _tenir(tenu)
    ChiffreTenu.objects.exclude(cle__in=[tenu.cle for tenu in tenus]).delete()


@transaction.atomic
def _tenir(tenu: Tenu) -> None:
    """Nothing if another process is counting it. The time is that of the beginning: what comes after is not counted."""
    if verrou_libre(f"chiffre.{tenu.cle}"):
        neuf = {"le": timezone.now(), "valeur": tenu.compter()}
        ChiffreTenu.objects.update_or_create(cle=tenu.cle, defaults=neuf)
