"""A page that opens without network: its service worker. What is typed on it is kept by `noter.js`."""

import hashlib
import json

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

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
    texte = render_to_string("socle/hors_reseau.js", contexte)
    reponse = HttpResponse(texte, content_type="text/javascript; charset=utf-8")
    reponse["Cache-Control"] = "no-cache"
    return reponse
