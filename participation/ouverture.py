"""Settings about other software and sites: Open311, SMS gateway, map tiles, Content-Security-Policy."""

from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

import environ
import phonenumbers
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# Open311: the only jurisdiction served (by default the host of the site), and how many requests a client may post in an hour.
OPEN311_JURISDICTION = env(
    "OPEN311_JURISDICTION", default=urlsplit(env("SITE_URL", default="http://127.0.0.1")).hostname or ""
)
OPEN311_PAR_HEURE = env.int("OPEN311_PAR_HEURE", default=600)

# Mailbox of the remontées.
BOITE_URL = env("BOITE_URL", default="")  # emails that become remontées: imaps://name:password@host/INBOX
BOITE_PAR_JOUR = env.int("BOITE_PAR_JOUR", default=30)  # from one address; the others wait for an agent
BOITE_ACCUSES = env.int("BOITE_ACCUSES", default=1)  # receipts to one address in a day
BOITE_SERVEURS = env.list("BOITE_SERVEURS", default=[])  # authserv-id of our server, which checks senders
BOITE_GARDE_JOURS = env.int("BOITE_GARDE_JOURS", default=30)  # days that emails set aside are kept

# SMS are sent by the class named in BACKEND (socle.courriels.sms). Without it, no SMS is written and the pages say so.
SMS = {
    "BACKEND": env("SMS_BACKEND", default=""),
    "URL": env("SMS_URL", default=""),
    "JETON": env("SMS_JETON", default=""),
    "EXPEDITEUR": env("SMS_EXPEDITEUR", default="Participer"),  # eleven letters at most
    "ATTENTE": env.float("SMS_ATTENTE", default=10),  # seconds
    "LIEN_JOURS": env.int("SMS_LIEN_JOURS", default=180),  # validity of the short link of an SMS
}
if SMS["BACKEND"].endswith(".PasserelleHttp"):
    if not (SMS["URL"] and SMS["JETON"]):
        raise ImproperlyConfigured("SMS_BACKEND demande SMS_URL et SMS_JETON (voir deploy/).")
    if env("ENVIRONNEMENT", default="") == "production" and not SMS["URL"].startswith("https://"):
        raise ImproperlyConfigured("SMS_URL doit commencer par https:// en production : le jeton y passe.")


def prix_lu(texte: str) -> Decimal:
    try:
        return Decimal(texte.replace(",", "."))
    except InvalidOperation:
        raise ImproperlyConfigured("SMS_PRIX est un nombre d’euros, comme 0.065.") from None


# Limits of SMS, which cost money and may be asked to a number that is not one's own. PAYS: codes of two letters; by
# default France and the overseas territories of its numbering plan (+262, +508, +590, +594, +596). New Caledonia,
# Polynesia and Wallis have plans and prices of their own. PRIX: euros for a message that the operator counts.
SMS_BORNES = {
    "PAYS": frozenset(env.list("SMS_PAYS", default=["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"])),
    "PAR_NUMERO_JOUR": env.int("SMS_PAR_NUMERO_JOUR", default=5),
    "PAR_NUMERO_MOIS": env.int("SMS_PAR_NUMERO_MOIS", default=30),  # in thirty days
    "PAR_JOUR": env.int("SMS_PAR_JOUR", default=500),  # for the whole site; the others leave the next morning
    "PAR_APPLICATION_JOUR": env.int("SMS_PAR_APPLICATION_JOUR", default=100),  # requests of one Open311 key
    "PRIX": prix_lu(env("SMS_PRIX", default="0")),
}
if inconnus := SMS_BORNES["PAYS"] - phonenumbers.SUPPORTED_REGIONS:
    raise ImproperlyConfigured(f"SMS_PAYS : pays inconnus, {', '.join(sorted(inconnus))} (deux lettres, FR).")

# The map loads tiles of another site only if CARTE_TUILES gives their URL, such as
# « https://tuiles.example.org/{z}/{x}/{y}.png »; CARTE_MENTION credits them.
CARTE_TUILES = env("CARTE_TUILES", default="")
CARTE_MENTION = env("CARTE_MENTION", default="")
# Credits the contours of the communes, under each map that draws them; to change with other contours.
CONTOURS_MENTION = env(
    "CONTOURS_MENTION", default="Contours des communes : IGN, Admin Express, Licence Ouverte."
)


def origine_de(adresse: str) -> str:
    """Return the origin of a URL: « https://tuiles.example.org ». `{s}` (several hosts) is a wildcard."""
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

# URL of the page with the past subsidies of a SIRET, with `{siret}`. Empty: no link.
ADRESSE_SUBVENTIONS = env("ADRESSE_SUBVENTIONS", default="")
