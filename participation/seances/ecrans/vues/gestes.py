"""Shared by the views of the three screens: find the séance, run an act, return a page or its regions."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from participation.seances.ecrans.lectures import version_animee
from participation.seances.models import Seance
from participation.socle.erreurs import ActeInterdit, ErreurMetier, RoleInsuffisant
from participation.socle.http.protocole import acte_depasse
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import est_partiel


def trouver_seance(compte: Compte, pk: int) -> Seance:
    """Return a deliberating séance that the person may see, or raise 404."""
    return get_object_or_404(
        Seance.objects.visibles_par(compte)
        .filter(nature__in=Seance.DELIBERANTES)
        .avec_instance()
        .select_related("presidee_par__compte"),
        pk=pk,
    )


def version_de(pk: int) -> str:
    """Return the version that the screens poll every three seconds, in one small query."""
    version = version_animee(pk)
    if version is None:
        raise Http404
    return version


def est_a_jour(request: HttpRequest, version: str) -> bool:
    """Whether the screen already shows this version."""
    return request.GET.get("version") == version


def rien_de_nouveau() -> HttpResponse:
    return HttpResponse(status=204)


def faire(
    request: RequeteConnectee,
    agir: Callable[[], object],
    retour: str,
    rendre: Callable[[], HttpResponse],
    succes: str = "",
) -> HttpResponse:
    """Run a one-click act.

    Without script: redirect to `retour`, or the 409 page. With script: the current screen and a sentence; or
    204 if the script has more acts to send (`Prefer: return=minimal`): messages then wait for the last one.
    """
    try:
        agir()
    except RoleInsuffisant:
        raise
    except ActeInterdit as erreur:
        if not est_partiel(request):
            return acte_depasse(request, erreur.message, retour)
        messages.error(request, erreur.message)
    except ErreurMetier as erreur:
        messages.error(request, erreur.message)
    except ValidationError as erreur:
        messages.error(request, " ".join(erreur.messages))
    else:
        if succes:
            messages.success(request, succes)
    if est_partiel(request) and request.headers.get("Prefer") == "return=minimal":
        return HttpResponse(status=204)
    return rendre() if est_partiel(request) else redirect(retour)
