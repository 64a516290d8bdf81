"""Public pages of the supported projets: published, withdrawn, read."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from contrat_ville.models import Projet
from participation.socle.actions import avancer
from participation.socle.forms.actes import demander_texte
from participation.socle.http.decorateurs import publique
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


@acte(
    Page[Projet](
        consequence="La fiche dit le projet, son porteur et ce qu’il reçoit. Ni coordonnées, ni pièces."
    )
)
def publier_fiche(projet: Projet, *, par: Compte) -> None:
    avancer(projet, "publier_fiche", par=par, champs={"est_publie": True})


DepublierForm = demander_texte("Pourquoi la retirer")


@acte(Page[Projet](form=DepublierForm))
def depublier_fiche(projet: Projet, *, par: Compte, motif: str) -> None:
    avancer(projet, "depublier_fiche", par=par, champs={"est_publie": False}, motif=motif)


SOUTENUS_MONTRES = 200


@publique
@require_safe
def soutenus(request: HttpRequest) -> HttpResponse:
    """Projets with a published fiche, the most recent first."""
    publies = (
        Projet.objects.soutenus_en_public()
        .select_related("programmation", "porte_par", "axe")
        .prefetch_related("quartiers__commune")
    )
    return render(request, "contrat_ville/publiques/soutenus.html", {"projets": publies[:SOUTENUS_MONTRES]})


@publique
@require_safe
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    projet: Any = get_object_or_404(
        Projet.objects.select_related("programmation", "porte_par", "axe"), reference=reference
    )
    if not projet.est_public:
        raise Http404
    return render(
        request,
        "contrat_ville/publiques/fiche.html",
        {
            "projet": projet,
            "quartiers": projet.quartiers.select_related("commune"),
            "financements": projet.financements.filter(accorde__gt=0).select_related("financeur"),
            "politiques": projet.politiques.all(),
            "bilan": getattr(projet, "bilan", None),
            "suites": projet.suites.a_montrer(),
        },
    )
