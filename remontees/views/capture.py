"""Pages of reception and field agents: note a remontée, online or offline, and follow it."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from participation.socle.http import RequeteConnectee, demande_la_position, gardable, publique, reserve_a
from participation.socle.menus import rubrique
from participation.socle.politique import PERMISSIONS
from participation.socle.workflow import Role
from remontees.actions.reception import deposer
from remontees.forms.capture import NoterForm
from remontees.lectures.saisies import en_attente_de, notees_par

SAISISSENT = (Role.AGENT, Role.ACCUEIL)
PAR_PAGE = 20
POLICES = "vendor/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin"
# Files of the page, kept by the service worker for offline use.
FICHIERS = (
    "vendor/bootstrap/bootstrap.min.css",
    "css/theme.css",
    *(f"js/{nom}.js" for nom in ("affichage", "details", "sortie", "compteur", "focus", "appareil", "noter")),
    "img/icones.svg",
    "img/favicon.svg",
    *(f"{POLICES}-{graisse}.woff2" for graisse in ("400-normal", "400-italic", "600-normal", "700-normal")),
)


def _menu(actif: str) -> list[dict[str, Any]]:
    pages = [("Noter", "remontees:noter"), ("Ma liste", "remontees:ma_liste")]
    return [rubrique("", [(mot, reverse(nom), nom == actif) for mot, nom in pages])]


@reserve_a(*SAISISSENT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@demande_la_position
def noter(request: RequeteConnectee) -> HttpResponse:
    """Note a remontée. Answers JSON to the script of the page, HTML to a plain form.

    A form sent twice with the same `cle` is saved once.
    """
    par_script = request.headers.get("Accept", "").startswith("application/json")
    form = NoterForm(request.POST, request.FILES) if request.method == "POST" else NoterForm()
    if form.is_valid():
        dit = form.cleaned_data
        cle = deposer(
            form.charge(request.user), cle=form.cle_d_envoi({"par": request.user}), photo=dit["photo"]
        )
        if par_script:
            return JsonResponse({"cle": str(cle)}, status=201)
        messages.success(request, "C’est noté. La remontée est au tri.")
        return redirect("remontees:ma_liste")
    if form.is_bound and par_script:
        erreurs = {nom: [str(mot) for mot in mots] for nom, mots in form.errors.items()}
        return JsonResponse({"erreurs": erreurs}, status=422)
    reponse = render(
        request,
        "remontees/noter/noter.html",
        {"form": form, "menu_public": _menu("remontees:noter"), "compte": request.user},
        status=422 if form.is_bound else 200,
    )
    # The only page allowed to use geolocation, from a button.
    reponse["Permissions-Policy"] = PERMISSIONS.replace("geolocation=()", "geolocation=(self)")
    return reponse


@reserve_a(*SAISISSENT)
@never_cache
@require_safe
def ma_liste(request: RequeteConnectee) -> HttpResponse:
    """Remontées noted by the account, with what became of each."""
    page = Paginator(notees_par(request.user), PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "remontees/noter/ma_liste.html",
        {
            "page": page,
            "attentes": en_attente_de(request.user) if page.number == 1 else [],
            "menu_public": _menu("remontees:ma_liste"),
        },
    )


@reserve_a(*SAISISSENT)
@never_cache
@require_safe
def jeton_de_saisie(request: RequeteConnectee) -> HttpResponse:
    """Return the CSRF token and the account, asked before the drafts of the device are sent."""
    return JsonResponse({"jeton": get_token(request), "compte": request.user.pk})


@publique
@gardable(3600)
@require_safe
def manifeste_de_saisie(request: HttpRequest) -> HttpResponseBase:
    return JsonResponse(
        {
            "name": "Noter une remontée, Grenoble-Alpes Métropole",
            "short_name": "Remontées",
            "description": "Noter ce que disent les habitantes et habitants, avec ou sans réseau.",
            "lang": "fr",
            "id": reverse("remontees:noter"),
            "start_url": reverse("remontees:noter"),
            "scope": reverse("remontees:noter"),
            "display": "standalone",
            "background_color": "#fcfbf9",
            "theme_color": "#8a5000",
            "icons": [
                {"src": static(f"img/icone-{cote}.png"), "sizes": f"{cote}x{cote}", "type": "image/png"}
                for cote in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )


@publique
@require_safe
def service_de_saisie(request: HttpRequest) -> HttpResponse:
    """Service worker.

    Its version changes with the files of the page, which the device then downloads again.
    """
    adresses = [static(nom) for nom in FICHIERS]
    contexte = {"page": json.dumps(reverse("remontees:noter")), "adresses": json.dumps(adresses)}
    version = hashlib.sha256("\n".join(adresses).encode()).hexdigest()[:12]
    texte = render_to_string("remontees/noter/service.js", {**contexte, "version": version})
    reponse = HttpResponse(texte, content_type="text/javascript; charset=utf-8")
    reponse["Cache-Control"] = "no-cache"
    return reponse
