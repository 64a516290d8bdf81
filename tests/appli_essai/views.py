"""Pages of the réclamations."""

from django.shortcuts import get_object_or_404

from participation.socle.http import RequeteConnectee
from participation.socle.views.pages import Page
from tests.appli_essai import actions
from tests.appli_essai.models import Reclamation


def reclamation_du_bureau(request: RequeteConnectee, pk: int) -> Reclamation:
    reclamation: Reclamation = get_object_or_404(Reclamation.objects.visibles_par(request.user), pk=pk)
    return reclamation


PAGES: dict[str, Page[Reclamation]] = {
    "traiter": Page(actions.traiter, consequence="La réclamation sera close.")
}
