"""Public pages: a réclamation, « moi aussi », and the page of the letter's link."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http import limites
from participation.socle.http.decorateurs import publique
from participation.socle.views.preuves import PreuveParCourriel
from tests.appli_essai.appuis import actes
from tests.appli_essai.models import Appui, Reclamation


@publique
@require_safe
def reclamation_publique(request: HttpRequest, pk: int) -> HttpResponse:
    reclamation = get_object_or_404(Reclamation.objects.filter(est_publie=True), pk=pk)
    appuis = reclamation.appuis.filter(confirme_le__isnull=False).count()
    return render(request, "appli_essai/reclamation.html", {"reclamation": reclamation, "appuis": appuis})


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appuyer(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer is the same for every address."""
    reclamation = get_object_or_404(Reclamation.objects.filter(est_publie=True), pk=pk)
    form = actes.AppuyerForm(request.POST if request.method == "POST" else None)
    est_demandee = form.is_valid()
    if est_demandee and limites.tenter(request, "suivre", form.cleaned_data["courriel"]):
        actes.demander(reclamation, form.cleaned_data["courriel"])
    contexte = {"reclamation": reclamation, "form": form, "est_demandee": est_demandee}
    return render(request, "appli_essai/appuyer.html", contexte)


def _appui(jeton: str) -> Appui | None:
    return Appui.LIEN.trouver(jeton, Appui.objects.select_related("reclamation"))


def _contexte(appui: Appui, jeton: str) -> dict[str, Any]:
    return {"reclamation": appui.reclamation}


CONFIRMER = PreuveParCourriel[Appui](
    trouver=_appui,
    prouver=lambda request, appui: actes.appuyer(appui),
    app="appli_essai",
    gabarit="appli_essai/confirmer_appui.html",
    contexte=_contexte,
    quoi="aucun appui",
    sinon="Sinon, recommencez depuis la page de la réclamation.",
)
