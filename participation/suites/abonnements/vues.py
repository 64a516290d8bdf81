"""Follow a dossier by mail: request, confirm, stop. No page reveals whether an address is known: an unknown key stops too."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http import limites
from participation.socle.http.decorateurs import publique, traduite
from participation.socle.models import Dossier
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.views.preuves import PreuveParCourriel
from participation.suites.abonnements import actes
from participation.suites.abonnements.actes import SuivreForm
from participation.suites.models import Abonnement, ReglementSuites
from participation.suites.rendu_compte.lectures import adresse_publique


def _dossier(pk: int) -> Dossier:
    return get_object_or_404(Dossier.objects.avec_enfants().filter(est_publie=True), pk=pk)


@traduite
@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page_pour_suivre(request: HttpRequest, pk: int) -> HttpResponse:
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


@traduite
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


def _contexte(abonnement: Abonnement, cle: uuid.UUID) -> dict[str, Any]:
    dossier = abonnement.dossier
    retour = adresse_publique(dossier) if dossier.est_publie else ""
    return {"abonnement": abonnement, "dossier": dossier, "app": dossier.app, "retour": retour}


CONFIRMER = PreuveParCourriel[Abonnement](
    trouver=_abonnement,
    prouver=lambda request, abonnement: actes.confirmer(abonnement),
    gabarit="suites/confirmer.html",
    contexte=_contexte,
    quoi="aucune demande",
    sinon="Sinon, demandez un nouveau lien depuis la page du dossier.",
    est_traduite=True,
)


def _deja_efface(request: HttpRequest) -> HttpResponse:
    return render(request, "suites/arreter.html", {"est_arretee": True, "app": "metropole"})


ARRETER = ArretDesLettres[Abonnement](
    trouver=_abonnement,
    adresse=lambda abonnement: abonnement.courriel,
    arreter=actes.arreter,
    est_arretee=lambda abonnement: abonnement.arrete_le is not None,
    inconnu=_deja_efface,
    gabarit="suites/arreter.html",
    contexte=lambda abonnement: _contexte(abonnement, abonnement.cle),
    est_traduite=True,
)
