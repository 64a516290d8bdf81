"""The pages of the réclamations."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from participation.socle.http import RequeteConnectee
from participation.socle.views.actes import page_acte
from tests.appli_essai import actions
from tests.appli_essai.models import Reclamation


def traiter(request: RequeteConnectee, pk: int) -> HttpResponse:
    reclamation = get_object_or_404(Reclamation.objects.visibles_par(request.user), pk=pk)
    return page_acte(
        request, reclamation, "traiter", None, lambda _: actions.traiter(reclamation, par=request.user)
    )
