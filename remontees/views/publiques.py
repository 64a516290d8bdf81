"""« Vous l’avez dit »: public list of sujets, page of each, figures. No cookie: pages are cached."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from participation.socle.cache_http import page_en_cache
from participation.socle.graphiques.vignette import vignette
from participation.socle.http import gardable, publique
from participation.suites.models import Suite
from remontees.forms.publiques import VousLAvezDitForm
from remontees.lectures import publics
from remontees.lectures.champs_publics import CHAMPS, valeurs

PAR_PAGE = 12
UNE_MINUTE = 60


def _contexte(form: VousLAvezDitForm, filtres: publics.FiltresDeSujets) -> dict[str, Any]:
    """Return the context common to the list and the figures."""
    return {
        "form": form,
        "filtres_poses": filtres.requete(),
        "requete_base": filtres.requete(etat=""),
        "requete_repondus": filtres.requete(etat=publics.REPONDU),
        "bilan": publics.bilan(filtres),
        "quelque_chose": publics.publies().exists(),
    }


def _a_lire(sujets: Any) -> list[tuple[Any, publics.OuEnEst, str]]:
    """Return (sujet, progress, number of remontées in words)."""
    plus_petit = publics.plus_petit_publie()
    return [
        (sujet, publics.ou_en_est(sujet), publics.combien_dit(sujet.combien, plus_petit)) for sujet in sujets
    ]


@publique
@require_safe
@gardable(UNE_MINUTE)
def vous_l_avez_dit(request: HttpRequest) -> HttpResponse:
    """List of published sujets, the last modified first."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    trouves = (
        publics.avec_nombres(publics.selection(filtres))
        .select_related("categorie__parent", "commune", "quartier")
        .order_by("-modifie_le", "-pk")
    )
    page = Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/publiques/liste.html",
        {
            **_contexte(form, filtres),
            "page": page,
            "lignes": _a_lire(page.object_list),
            "carte": publics.carte(filtres, reverse("remontees:vous_l_avez_dit")),
        },
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def chiffres(request: HttpRequest) -> HttpResponse:
    """Figures by theme and by commune, with links to lists and open data."""
    form = VousLAvezDitForm(request.GET)
    filtres = form.filtres()
    return render(
        request,
        "remontees/publiques/chiffres.html",
        {
            **_contexte(form, filtres),
            "axes": publics.axes(filtres),
            "titre_liste": "Vous l’avez dit",
            "adresse_liste": reverse("remontees:vous_l_avez_dit"),
            "donnees": {
                forme: reverse(f"remontees:{nom}")
                for forme, nom in (("csv", "donnees_csv"), ("json", "donnees_json"), ("atom", "atom"))
            },
            "reserve": f"Aucune parole, aucun nom, aucune adresse. Un nombre de remontées inférieur à {publics.plus_petit_publie()} est laissé vide.",
            "champs": [*CHAMPS.items(), *valeurs()],
            "licence": settings.LICENCE,
            "url_licence": settings.LICENCE_URL,
        },
    )


def _sujet_public(reference: str) -> Any:
    return get_object_or_404(
        publics.avec_nombres(publics.publies()).select_related("categorie__parent", "commune", "quartier"),
        reference=reference,
    )


@publique
@require_safe
@gardable(UNE_MINUTE)
def sujet_public(request: HttpRequest, reference: str) -> HttpResponse:
    """Page of a sujet: text, progress, answer, suites, history."""
    sujet = _sujet_public(reference)
    ((_, ou_en_est, combien),) = _a_lire([sujet])
    return render(
        request,
        "remontees/publiques/sujet.html",
        {
            "sujet": sujet,
            "dossier": sujet,
            "ou_en_est": ou_en_est,
            "combien": combien,
            "communes": list(sujet.communes.order_by("cle_tri").values_list("nom", flat=True)),
            "est_repondu": sujet.etat in publics.REPONDUS,
            "suites": Suite.objects.a_montrer().filter(dossier=sujet.pk),
            "histoire": publics.histoire(sujet),
            "og_image": settings.SITE_URL + reverse("remontees:image_du_sujet", args=[sujet.reference]),
        },
    )


@publique
@require_safe
def image_du_sujet(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Image of the sujet for shared links: title and progress."""
    sujet = _sujet_public(reference)
    ((_, ou_en_est, combien),) = _a_lire([sujet])

    def rendre() -> bytes:
        fait = f"{ou_en_est.mot}, {combien}" if combien else ou_en_est.mot
        return vignette(
            app="remontees", genre=f"Vous l’avez dit, {sujet.reference}", titre=sujet.titre, fait=fait
        )

    cle = f"sujet:{sujet.pk}:{sujet.modifie_le.timestamp()}:{combien}:image"
    return page_en_cache(request, cle, sujet.modifie_le, rendre, content_type="image/png")
