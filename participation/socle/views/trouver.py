"""What an act is done on, found by the number in its address: the `trouver` of `routes`, said by the rows read with it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404

from participation.socle.http import RequeteConnectee

M = TypeVar("M", bound=Model)


def par_numero(modele: type[M], *jointes: str) -> Callable[[RequeteConnectee, int], M]:
    """The row of this number, read with those that it names. Who may do the act on it is said by the table."""
    return _trouver(modele, jointes, lambda objets, request: objets)


def par_numero_visible(modele: type[M], *jointes: str) -> Callable[[RequeteConnectee, int], M]:
    """The same among those that the reader may see: the others do not exist for her."""
    return _trouver(modele, jointes, lambda objets, request: objets.visibles_par(request.user))


def _trouver(
    modele: type[M], jointes: tuple[str, ...], lisibles: Callable[[Any, RequeteConnectee], Any]
) -> Callable[[RequeteConnectee, int], M]:
    def trouver(request: RequeteConnectee, pk: int) -> M:
        objets = lisibles(modele._default_manager.all(), request)
        # Without a name, `select_related` would read every row that this one names.
        trouve: M = get_object_or_404(objets.select_related(*jointes) if jointes else objets, pk=pk)
        return trouve

    return trouver
