"""Pages of an organisation: asking for the link, proving the address, depositing the cahier."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.cadres.cahiers import actes
from participation.cadres.models import Cadre, Cahier
from participation.cadres.models.cahiers import avant_de_deposer
from participation.cadres.workflow import EtatCahier
from participation.socle.http import limites
from participation.socle.http.decorateurs import publique
from participation.socle.http.protocole import Ensuite
from participation.socle.views.liens import personnelle
from participation.socle.views.pages import essayer
from participation.socle.views.preuves import PreuveParCourriel


def _cadre(reference: str) -> Cadre:
    publies: Any = Cadre.objects.filter(est_publie=True)
    trouve: Cadre = get_object_or_404(publies, reference=reference)
    return trouve


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposer_cahier(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the link. The answer is the same whether the address is known here or not."""
    cadre = _cadre(reference)
    form = actes.DemanderEnLigneForm(request.POST or None, objet=cadre)
    if cadre.recoit_des_cahiers and form.is_valid():
        demande = form.cleaned_data
        if not demande.pop("site") and limites.tenter(request, "suivre", demande["courriel"]):
            essayer(form, lambda: actes.demander_cahier(cadre, par=None, **demande))
        if not form.errors:
            return Ensuite(reverse("cadres:cahier_demande", args=[reference]))
    statut = 422 if form.errors else 200
    return render(request, "cadres/proposer_cahier.html", {"cadre": cadre, "form": form}, status=statut)


@publique
@require_safe
def cahier_demande(request: HttpRequest, reference: str) -> HttpResponse:
    return render(request, "cadres/cahier_demande.html", {"cadre": _cadre(reference)})


def _cahier(jeton: str) -> Cahier | None:
    return Cahier.LIEN.trouver(jeton, Cahier.objects.select_related("cadre", "piece"))


def _contexte(cahier: Cahier, jeton: Any) -> dict[str, Any]:
    return {"cahier": cahier, "cadre": cahier.cadre, "jeton": jeton}


CONFIRMER = PreuveParCourriel[Cahier](
    trouver=_cahier,
    prouver=lambda request, cahier: actes.confirmer_cahier(cahier),
    app="cadres",
    gabarit="cadres/confirmer_cahier.html",
    contexte=_contexte,
    quoi="aucun cahier d’acteur",
    sinon="Sinon, demandez un nouveau lien depuis la page de la démarche.",
    ensuite=lambda cahier: reverse("cadres:deposer_cahier", args=[cahier.jeton()]),
)


@personnelle(_cahier, CONFIRMER.inconnu)
def cahier_a_deposer(request: HttpRequest, cahier: Cahier, jeton: str) -> HttpResponse:
    """The summary and the document, changed until an agent reads them; then what became of them."""
    if not cahier.est_prouvee:
        return redirect("cadres:confirmer_cahier", jeton)
    form = actes.DeposerForm(request.POST or None, request.FILES or None, objet=cahier)
    ferme = " ".join(avant_de_deposer(cahier, "deposer_cahier", None))
    if not ferme and form.is_valid():
        essayer(form, lambda: actes.deposer_cahier(cahier, **form.cleaned_data))
        if not form.errors:
            return Ensuite(request.path)
    contexte = {
        **_contexte(cahier, jeton),
        "form": form,
        "ferme": ferme,
        "est_depose": cahier.etat != EtatCahier.ATTENDU,
    }
    return render(request, "cadres/deposer_cahier.html", contexte, status=422 if form.errors else 200)
