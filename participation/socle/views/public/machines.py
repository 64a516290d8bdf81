"""Pages for machines, at standard URLs: search engines, browsers, password managers, security researchers."""

import hashlib
import json
from datetime import timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.socle.collectivite import collectivite, ici
from participation.socle.graphiques.vignette import vignette
from participation.socle.http.decorateurs import gardable, publique
from participation.socle.models import Logo, ReglageService
from participation.socle.regles.couleurs import feuille, tons_clairs
from participation.socle.vitrine import PageDuPlan, recueillir

UN_JOUR = 24 * 3600
EXPIRE_DANS = timedelta(days=180)  # RFC 9116 asks for less than a year
# Nothing to index there, and each visit of a robot would count as an attempt in the limits of the forms.
SANS_ROBOTS = ("/comptes/", "/reference/", "/mon-espace/", "/mon-compte/", "/developpement/")


class Plan(Sitemap):  # type: ignore[type-arg]
    """Sitemap: every public page, as each app lists them (`vitrine.plan_du_site`)."""

    def items(self) -> list[PageDuPlan]:
        noms = (
            "accueil",
            "mentions_legales",
            "donnees_personnelles",
            "moderation",
            "donnees_ouvertes",
            "accessibilite",
            "cookies",
        )
        return [*(PageDuPlan(reverse(f"socle:{nom}")) for nom in noms), *recueillir("plan_du_site")]

    def location(self, item: PageDuPlan) -> str:
        return item.url

    def lastmod(self, item: PageDuPlan) -> Any:
        return item.modifiee_le

    def get_urls(self, page: Any = 1, site: Any = None, protocol: Any = None) -> list[dict[str, Any]]:
        """Return the URLs under SITE_URL, whatever the host of the request."""
        urls: list[dict[str, Any]] = super().get_urls(page, site, protocol)
        for url in urls:
            url["location"] = settings.SITE_URL + url["item"].url
        return urls


@publique
@require_safe
@gardable(UN_JOUR)
def image_de_partage(request: HttpRequest) -> HttpResponse:
    """Picture of the public pages that have none of their own, where somebody shares them."""
    return HttpResponse(_image(collectivite().site), content_type="image/png")


@lru_cache(maxsize=1)
def _image(site: str) -> bytes:  # the picture bears this name
    image: bytes = vignette(
        app="metropole",
        genre="Participation citoyenne",
        titre="Chaque voix reçue reçoit une réponse, et la réponse est publique",
        fait="",
    )
    return image


@publique
@require_safe
@gardable(UN_JOUR)
def robots(request: HttpRequest) -> HttpResponse:
    lignes = ["User-agent: *", *(f"Disallow: {chemin}" for chemin in SANS_ROBOTS)]
    lignes += ["", f"Sitemap: {settings.SITE_URL}{reverse('socle:plan')}"]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


@publique
@require_safe
@gardable(3600)
def plan(request: HttpRequest) -> HttpResponse:
    return sitemap(request, sitemaps={"site": Plan()}).render()


@publique
@require_safe
@gardable(UN_JOUR)
def securite(request: HttpRequest) -> HttpResponse:
    """security.txt (RFC 9116): where to report a vulnerability."""
    contact = (
        settings.SECURITE_CONTACT
        or ReglageService.actuel().contact
        or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    )
    expire = (timezone.now() + EXPIRE_DANS).replace(hour=0, minute=0, second=0, microsecond=0)
    lignes = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {expire:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('socle:securite')}",
    ]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


@publique
@require_safe
def changer_mot_de_passe(request: HttpRequest) -> HttpResponse:
    """Redirect of `/.well-known/change-password` (W3C), used by password managers."""
    return redirect("socle:mot_de_passe")


@publique
@require_safe
@gardable(UN_JOUR)
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/favicon.ico"))


@publique
@require_safe
@gardable(UN_JOUR)
def couleurs(request: HttpRequest, couleur: str) -> HttpResponse:
    """What a colour changes in theme.css. It is in the address, because a cache keeps the answer, and a process its settings."""
    return HttpResponse(feuille(f"#{couleur}"), content_type="text/css; charset=utf-8")


@publique
@require_safe
@gardable(UN_JOUR)
def logo(request: HttpRequest) -> HttpResponse:
    donne = Logo.objects.first()
    if donne is None:
        raise Http404
    return HttpResponse(bytes(donne.png), content_type="image/png")


@publique
@require_safe
@gardable(UN_JOUR)
def manifeste(request: HttpRequest) -> HttpResponse:
    icones = [
        {"src": static(f"img/icone-{taille}.png"), "sizes": f"{taille}x{taille}", "type": "image/png"}
        for taille in (192, 512)
    ]
    return JsonResponse(
        {
            "name": collectivite().site,
            "short_name": collectivite().service,
            "description": ici(
                "Pétitions, instances et avis : ce que disent les habitants, ce que répond la {metropole}."
            ),
            "lang": "fr",
            "id": "/",
            "start_url": reverse("socle:accueil"),
            "display": "browser",
            "background_color": "#fcfbf9",
            "theme_color": tons_clairs(collectivite().couleur).nuit if collectivite().couleur else "#1b333f",
            "icons": [*icones, {"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@publique
@require_safe
@gardable(UN_JOUR)
def opensearch(request: HttpRequest) -> HttpResponse:
    """OpenSearch description, with which a browser can add the public search to its address bar."""
    cherche = reverse("socle:chercher")
    return render(
        request,
        "socle/public/opensearch.xml",
        {"cherche": settings.SITE_URL + cherche, "site": settings.SITE_URL},
        content_type="application/opensearchdescription+xml",
    )


POLICES = "vendor/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin"


FICHIERS = (
    "vendor/bootstrap/bootstrap.min.css",
    "css/theme.css",
    *(
        f"js/{nom}.js"
        for nom in ("affichage", "details", "sortie", "compteur", "focus", "appareil", "noter", "voies")
    ),
    "img/icones.svg",
    "img/favicon.svg",
    *(f"{POLICES}-{graisse}.woff2" for graisse in ("400-normal", "400-italic", "600-normal", "700-normal")),
)


def service_hors_reseau(page: str, *, prefixe: str) -> HttpResponse:
    """Return the service worker that keeps this page and its files. `prefixe` names its copies on the device.

    Its version changes with the files of the page, which the device then downloads again.
    """
    adresses = [static(nom) for nom in FICHIERS]
    version = hashlib.sha256("\n".join(adresses).encode()).hexdigest()[:12]
    contexte = {
        "page": json.dumps(page),
        "adresses": json.dumps(adresses),
        "prefixe": prefixe,
        "version": version,
    }
    texte = render_to_string("socle/public/hors_reseau.js", contexte)
    reponse = HttpResponse(texte, content_type="text/javascript; charset=utf-8")
    reponse["Cache-Control"] = "no-cache"
    return reponse
