"""Settings of what other software and other sites have to do with: Open311, the gateway of SMS, the tiles of the map, what a page may ask of whom."""

from urllib.parse import urlsplit

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# Open311: the one jurisdiction that is served, and how much a client may post in an hour.
OPEN311_JURISDICTION = env("OPEN311_JURISDICTION", default="grenoblealpesmetropole.fr")
OPEN311_PAR_HEURE = env.int("OPEN311_PAR_HEURE", default=600)

# SMS leave by the class that BACKEND names (socle.sms); without it, no SMS is written, and pages say so.
SMS = {
    "BACKEND": env("SMS_BACKEND", default=""),
    "URL": env("SMS_URL", default=""),
    "JETON": env("SMS_JETON", default=""),
    "EXPEDITEUR": env("SMS_EXPEDITEUR", default="Metropole"),  # eleven letters at most
    "ATTENTE": env.float("SMS_ATTENTE", default=10),  # seconds
    "LIEN_JOURS": env.int("SMS_LIEN_JOURS", default=180),  # how long the short link of an SMS opens
}
if SMS["BACKEND"].endswith(".PasserelleHttp"):
    if not (SMS["URL"] and SMS["JETON"]):
        raise ImproperlyConfigured("SMS_BACKEND demande SMS_URL et SMS_JETON (voir deploy/).")
    if env("ENVIRONNEMENT", default="") == "production" and not SMS["URL"].startswith("https://"):
        raise ImproperlyConfigured("SMS_URL doit commencer par https:// en production : le jeton y passe.")

# The real map asks nothing of another site unless tiles are given (« https://tuiles.example.org/{z}/{x}/{y}.png »), and whose.
CARTE_TUILES = env("CARTE_TUILES", default="")
CARTE_MENTION = env("CARTE_MENTION", default="")


def origine_de(adresse: str) -> str:
    """« https://tuiles.example.org »; a `{s}` for several hosts is any of them."""
    lue = urlsplit(adresse.replace("{s}", "*"))
    return f"{lue.scheme}://{lue.netloc}"


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *([origine_de(CARTE_TUILES)] if CARTE_TUILES else [])],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    }
}

# Where the past subsidies of a SIRET are shown to all: an address with `{siret}`. Empty: no link.
ADRESSE_SUBVENTIONS = env("ADRESSE_SUBVENTIONS", default="")
