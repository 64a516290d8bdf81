"""Find the object of an act from the number in the URL: `trouver` functions for `routes`."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404

from participation.socle.http.requete import RequeteConnectee

M = TypeVar("M", bound=Model)


def par_numero(modele: type[M], *jointes: str) -> Callable[[RequeteConnectee, int], M]:
    """Return a `trouver` that reads a row with its relations `jointes`.

    The role is checked by the table of acts.
    """
    return _trouver(modele, jointes, lambda objets, request: objets)


def par_numero_visible(modele: type[M], *jointes: str) -> Callable[[RequeteConnectee, int], M]:
    """Return a `trouver` limited to the rows that the reader may see (`visibles_par`); 404 for the others."""
    return _trouver(modele, jointes, lambda objets, request: objets.visibles_par(request.user))


def _trouver(
    modele: type[M], jointes: tuple[str, ...], lisibles: Callable[[Any, RequeteConnectee], Any]
) -> Callable[[RequeteConnectee, int], M]:
    def trouver(request: RequeteConnectee, pk: int) -> M:
        objets = lisibles(modele._default_manager.all(), request)
        # `select_related` without a name would follow every foreign key.
        trouve: M = get_object_or_404(objets.select_related(*jointes) if jointes else objets, pk=pk)
        return trouve

    return trouver
