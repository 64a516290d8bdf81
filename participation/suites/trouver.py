"""Suites and the answers of their directions by number, as the visitor may see them."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero
from participation.suites.models import ReponseDirection, Suite, SuspensionSuite, Verdict


def suites_du_bureau(request: RequeteConnectee) -> QuerySet[Suite]:
    return Suite.objects.visibles_par(request.user)


def suite_du_bureau(request: RequeteConnectee, pk: int) -> Suite:
    return get_object_or_404(
        suites_du_bureau(request).select_related("direction", "dossier", "reglement"), pk=pk
    )


reponse_du_bureau = par_numero(ReponseDirection, "suite__dossier", "suite__direction", "direction", "piece")
arret_du_bureau = par_numero(SuspensionSuite, "suite__dossier", "suite__direction")
verdict_du_bureau = par_numero(Verdict, "suite__dossier", "suite__direction", "sollicitation")
