"""Follow a dossier by mail: request, confirm, stop. No page reveals whether an address is known."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle import limites
from participation.socle.http import publique
from participation.socle.models import Dossier
from participation.suites.abonnements import actes
from participation.suites.abonnements.actes import SuivreForm
from participation.suites.models import Abonnement, ReglementSuites
from participation.suites.rendu_compte.lectures import adresse_publique


def _dossier(pk: int) -> Dossier:
    return get_object_or_404(Dossier.objects.avec_enfants().filter(est_publie=True), pk=pk)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suivre(request: HttpRequest, pk: int) -> HttpResponse:
    """Form to follow a dossier, on its own page: the public pages of dossiers set no cookie."""
    dossier = _dossier(pk)
    form = SuivreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        courriel = form.cleaned_data["courriel"]
        # The page is the same when no letter is sent, so that it reveals nothing about the address.
        if limites.tenter(request, "suivre", courriel):
            actes.suivre(dossier, courriel)
        return redirect("suites:suivi_demande", pk)
    reglement = ReglementSuites.objects.en_vigueur()
    return render(
        request,
        "suites/suivre.html",
        {
            "form": form,
            "dossier": dossier,
            "app": dossier.app,
            "retour": adresse_publique(dossier),
            "jours": reglement.conservation_demandes_jours if reglement else None,
        },
    )


@publique
@never_cache
@require_safe
def suivi_demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Page after a request, the same for every address."""
    dossier = _dossier(pk)
    return render(
        request,
        "suites/suivi_demande.html",
        {"dossier": dossier, "app": dossier.app, "retour": adresse_publique(dossier)},
    )


def _abonnement(cle: uuid.UUID) -> Abonnement | None:
    return Abonnement.objects.select_related("dossier").filter(cle=cle).first()


def _page(request: HttpRequest, gabarit: str, abonnement: Abonnement | None) -> HttpResponse:
    dossier = abonnement.dossier if abonnement is not None else None
    reponse = render(
        request,
        gabarit,
        {
            "abonnement": abonnement,
            "dossier": dossier,
            "app": dossier.app if dossier is not None else "metropole",
            "retour": adresse_publique(dossier) if dossier is not None and dossier.est_publie else "",
        },
    )
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmer(request: HttpRequest, cle: uuid.UUID) -> HttpResponse:
    """Confirm by POST. A GET changes nothing, because mail scanners follow links."""
    abonnement = _abonnement(cle)
    if abonnement is not None and request.method == "POST":
        actes.confirmer(abonnement)
        return redirect("suites:confirmer", cle)
    return _page(request, "suites/confirmer.html", abonnement)


@csrf_exempt
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arreter(request: HttpRequest, cle: uuid.UUID) -> HttpResponse:
    """Stop by POST, without CSRF token (one-click unsubscribe, RFC 8058). A GET changes nothing.

    An unknown key gets the same page.
    """
    abonnement = _abonnement(cle)
    if abonnement is not None and request.method == "POST":
        actes.arreter(abonnement)
    return _page(request, "suites/arreter.html", abonnement)
