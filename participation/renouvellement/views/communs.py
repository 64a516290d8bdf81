"""What the acts of a campaign are done on, found by its number."""

from django.shortcuts import get_object_or_404

from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.socle.http import RequeteConnectee


def trouver_campagne(request: RequeteConnectee, pk: int) -> Campagne:
    return get_object_or_404(Campagne.objects.select_related("instance", "comite", "mandature"), pk=pk)


def trouver_college(request: RequeteConnectee, pk: int) -> CollegeCampagne:
    return get_object_or_404(
        CollegeCampagne.objects.select_related("campagne__instance", "college__mandature"), pk=pk
    )


def trouver_candidature(request: RequeteConnectee, pk: int) -> Candidature:
    return get_object_or_404(
        Candidature.objects.select_related(
            "campagne__instance",
            "college__college__mandature",
            "commune",
            "quartier__commune",
            "saisie_par",
            "membre",
        ),
        pk=pk,
    )
