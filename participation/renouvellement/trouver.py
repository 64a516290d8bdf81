"""Campaigns, collèges, candidatures and their parts by number, as the visitor may see them."""

from django.shortcuts import get_object_or_404

from participation.renouvellement.models import (
    Campagne,
    Candidature,
    CollegeCampagne,
    EtapeInstallation,
    Lecture,
    Relecteur,
)
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.http.requete import RequeteConnectee
from participation.socle.views.trouver import par_numero


def trouver_lecture(request: RequeteConnectee, pk: int) -> Lecture:
    """Return a lecture of the reader, during the selection. Raises Http404 otherwise."""
    return get_object_or_404(
        Lecture.objects.select_related(
            "candidature__campagne__instance", "candidature__college", "candidature__commune", "relecteur"
        ),
        pk=pk,
        relecteur__compte=request.user,
        relecteur__est_actif=True,
        deportee_le__isnull=True,
        candidature__campagne__etat=EtatCampagne.SELECTION,
    )


trouver_relecteur = par_numero(Relecteur, "campagne__instance", "compte")


trouver_etape = par_numero(EtapeInstallation, "campagne__instance")


trouver_campagne = par_numero(Campagne, "instance", "comite", "mandature")


trouver_college = par_numero(CollegeCampagne, "campagne__instance", "college__mandature")


trouver_candidature = par_numero(
    Candidature,
    "campagne__instance",
    "college__college__mandature",
    "commune",
    "quartier__commune",
    "saisie_par",
    "membre",
)
