"""Pages of the acts on a pétition and on the tasks of its campaign."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.pages import Page
from participation.suites import actes as actes_suites
from participation.suites.actes import AjouterSuiteForm
from petitions.models import Petition, TacheCampagne
from petitions.trouver import BUREAU, petition_du_bureau


def petition_du_comite(request: RequeteConnectee, pk: int) -> Petition:
    """Raise PermissionDenied for accounts outside the back office, whether or not the pétition exists."""
    if request.user.roles.isdisjoint(BUREAU):
        raise PermissionDenied
    return petition_du_bureau(request, pk)


def tache_du_bureau(request: RequeteConnectee, pk: int) -> TacheCampagne:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        TacheCampagne.objects.filter(petition__in=petitions).select_related("petition"), pk=pk
    )


DES_SUITES: dict[str, Page[Petition]] = {
    "ajouter_suite": Page(
        actes_suites.ajouter_suite,
        AjouterSuiteForm,
        "La suite est publique. La direction reçoit une lettre, puis des rappels avant la date.",
    )
}
