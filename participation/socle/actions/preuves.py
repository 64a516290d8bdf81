"""Addresses proved by mail: the row of one that asks, and the erasure of those that nobody proved."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from participation.socle.actions.avancer import verrouiller
from participation.socle.bd.lots import par_lots
from participation.socle.models import AProuver, Demandeur, Partie

D = TypeVar("D", bound=Demandeur)


def demandeur(modele: type[D], courriel: str, **demande: Any) -> D:
    """Return the row of this address for what it asks, locked; created if needed.

    Two requests at once get the same row: the model has a unique constraint on both. In a transaction.
    """
    siens = modele._default_manager.select_for_update().filter(courriel__iexact=courriel, **demande)
    trouve = siens.first()
    if trouve is not None:
        return trouve
    try:
        with transaction.atomic():
            return modele._default_manager.create(courriel=courriel, **demande)
    except IntegrityError:
        return siens.get()


def effacer_sans_preuve() -> int:
    """Erase what waited too long for its proof, in every app, with its letters. Return how many."""
    return sum(
        _effacer(modele, perimees)
        for modele in apps.get_models()
        if issubclass(modele, AProuver)
        for perimees in modele.sans_preuve()
    )


def _effacer(modele: type[AProuver], perimees: QuerySet[Any]) -> int:
    numeros, effaces = list(perimees.order_by("pk").values_list("pk", flat=True)), 0
    for lot in par_lots(numeros, modele.LOT):
        with transaction.atomic():
            restent = _tenir(modele, perimees, lot)
            modele.effacer(restent)
        effaces += len(restent)
    return effaces


def _tenir(modele: type[AProuver], perimees: QuerySet[Any], numeros: Sequence[int]) -> list[int]:
    """Lock these rows as their proof does, and return those still to erase: one may be proved meanwhile."""
    if modele.LOT == 1 and issubclass(modele, Partie):
        for objet in modele._default_manager.filter(pk__in=numeros):
            verrouiller(objet.suivi)
    lignes = modele._default_manager.select_for_update(of=("self",)).filter(pk__in=numeros)
    tenues = list(lignes.order_by("pk").values_list("pk", flat=True))
    return list(perimees.filter(pk__in=tenues).order_by("pk").values_list("pk", flat=True))
