"""Pages of the acts on a recours, and of the reopening of a projet."""

from django.shortcuts import get_object_or_404

from contrat_ville.models import Projet, Recours
from contrat_ville.notification.recours import actes
from contrat_ville.trouver import projet_du_bureau
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page, pages_de


def recours_du_bureau(request: RequeteConnectee, pk: int) -> Recours:
    recours = get_object_or_404(Recours, pk=pk)
    # The projet as a `Projet`, which has the table of these acts.
    recours.projet = projet_du_bureau(request, recours.projet_id)
    return recours


DES_RECOURS: dict[str, Page[Recours]] = pages_de(Projet, actes, sur="recours")
