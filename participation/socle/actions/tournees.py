"""What an act owes to many, done lot by lot by a worker (`Tournee`). A lot and its count are one transaction: a killed
worker loses the lot that it was doing, and another begins it again.
"""

from collections.abc import Callable

from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.courriels.retenue import due_le
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte, Tournee
from participation.socle.models.tournees import cle_de
from participation.socle.travaux.differes import confier, confier_chacun

TACHE = "participation.socle.tasks.poursuivre_tournee"
JOURS_GARDEES = 30

# Does the next rows, after `tournee.dernier`, which it moves. Returns how many: 0 when none is left.
Lot = Callable[[Tournee], int]


def commencer(lot: Lot, pour: models.Model, *, par: Compte, total: int, **arguments: int | str) -> Tournee:
    """Leave it to the worker, in the transaction of an act that holds the lock of `pour`. Raises ActeInterdit."""
    if Tournee.objects.pour(pour) is not None:
        raise ActeInterdit("Des lettres sont déjà en préparation ici : attendez qu’elles soient faites.")
    tournee = Tournee.objects.create(
        objet=cle_de(pour), lot=f"{lot.__module__}.{lot.__name__}", arguments=arguments, par=par, total=total
    )
    confier(TACHE, tournee.pk)
    return tournee


def poursuivre(numero: int) -> None:
    """Do all that is left. Safe to call twice, even at once."""
    while _un_lot(numero):
        pass


@transaction.atomic
def _un_lot(numero: int) -> bool:
    tournee = (
        Tournee.objects.en_cours().filter(pk=numero).select_for_update(of=("self",), skip_locked=True).first()
    )
    if tournee is None:
        return False
    lot: Lot = import_string(tournee.lot)
    with due_le(tournee.demandee_le):
        faits = lot(tournee)
    tournee.faits += faits
    if not faits:
        tournee.finie_le = timezone.now()
    tournee.save(update_fields=["faits", "dernier", "finie_le"])
    return bool(faits)


def reprendre() -> None:
    """Give again what a killed worker or a lost broker left."""
    confier_chacun(TACHE, Tournee.objects.en_cours().values_list("pk", flat=True))


def oublier_finies() -> None:
    Tournee.objects.filter(finie_le__lt=il_y_a_plus_de(JOURS_GARDEES)).delete()
