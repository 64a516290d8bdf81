"""SMS gateways: the interface, a generic HTTP client, and a gateway that sends nothing.

`settings.SMS["BACKEND"]` is the dotted path of the class; when empty, no SMS is written and the pages say so.
"""

from collections.abc import Callable
from typing import Any, Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string

from participation.socle.francais import accorder
from participation.socle.regles.sms import couteux, messages_comptes

DIT_MAX = 300  # characters kept of the answer of the gateway
# Statuses that are final: the number does not exist, or the text cannot be carried.
DEFINITIFS = frozenset({400, 404, 410, 413, 422})
ETEINT = "Les SMS ne sont pas activés sur ce site"
MUETTE = "La passerelle de SMS ne répond pas"


class SmsRefuse(Exception):
    """This message will never be accepted. The text of the exception says why."""


class PasserelleEnPanne(Exception):
    """The gateway fails, for this message and the next ones. The text of the exception says why."""


class Passerelle(Protocol):
    """A gateway, opened once per batch.

    `reference` is the same at each attempt, so that a gateway that knows it sends nothing twice.
    """

    def envoyer(self, numero: str, texte: str, *, reference: str) -> None:
        """Send a message. Raises SmsRefuse or PasserelleEnPanne; returns when the gateway accepted it."""

    def fermer(self) -> None: ...


def sont_actifs() -> bool:
    return bool(settings.SMS["BACKEND"])


def ouvrir() -> Passerelle:
    """Open the gateway of the settings.

    Raises PasserelleEnPanne when SMS are switched off: messages already written wait.
    """
    if not sont_actifs():
        raise PasserelleEnPanne(f"{ETEINT}.")
    passerelle: Callable[[], Passerelle] = import_string(settings.SMS["BACKEND"])
    return passerelle()


def dire_longueur(texte: str) -> str:
    """Return the sentence that an agent reads under an SMS before it is sent: its length and its cost."""
    messages = accorder(messages_comptes(texte), "message compté", "messages comptés")
    phrase = f"{accorder(len(texte), 'signe')}, {messages} par l’opérateur."
    if lettres := couteux(texte):
        phrase += f" Un message tient moins de signes à cause de : {' '.join(lettres)}."
    return phrase


class Puits:
    """Accepts every message and sends none: for development, where a page shows the letters."""

    def envoyer(self, numero: str, texte: str, *, reference: str) -> None:
        pass

    def fermer(self) -> None:
        pass


class PasserelleHttp:
    """Generic HTTP gateway (docs/exploitation-courriels.md).

    One JSON POST per message, `{"to", "from", "text", "reference"}`, with `Authorization: Bearer` and
    `Idempotency-Key`. 2xx: accepted. 400, 404, 410, 413, 422: refused for good. Anything else, or no answer
    in time: to be tried again.
    """

    def __init__(self) -> None:
        self.session = requests.Session()
        # Set as `auth` rather than in a header: a .netrc of the machine would replace the header.
        self.session.auth = self._jeton

    @staticmethod
    def _jeton(demande: requests.PreparedRequest) -> requests.PreparedRequest:
        demande.headers["Authorization"] = f"Bearer {settings.SMS['JETON']}"
        return demande

    def envoyer(self, numero: str, texte: str, *, reference: str) -> None:
        attente = settings.SMS["ATTENTE"]
        try:
            reponse = self.session.post(
                settings.SMS["URL"],
                json={
                    "to": numero,
                    "from": settings.SMS["EXPEDITEUR"],
                    "text": texte,
                    "reference": reference,
                },
                headers={"Idempotency-Key": reference},
                timeout=attente,
                allow_redirects=False,  # the token must not reach another host
            )
        except requests.Timeout:
            raise PasserelleEnPanne(f"{MUETTE} : rien en {attente} secondes.") from None
        except (requests.RequestException, OSError) as erreur:
            raise PasserelleEnPanne(f"{MUETTE} : {type(erreur).__name__}.") from erreur
        if reponse.ok and reponse.status_code < 300:
            return
        dit = f"{reponse.status_code} {_dit(reponse)}".strip()
        if reponse.status_code in DEFINITIFS:
            raise SmsRefuse(f"La passerelle refuse ce SMS : {dit}")
        if reponse.status_code in {401, 403}:
            raise PasserelleEnPanne(f"La passerelle de SMS refuse notre jeton : {dit}")
        raise PasserelleEnPanne(f"La passerelle de SMS ne prend rien pour l’instant : {dit}")

    def fermer(self) -> None:
        self.session.close()


def _dit(reponse: requests.Response) -> str:
    """Return the error text of the gateway, from JSON or plain text."""
    try:
        lu: Any = reponse.json()
    except ValueError:
        lu = reponse.text
    if isinstance(lu, dict):
        lu = next((lu[nom] for nom in ("message", "error", "detail") if lu.get(nom)), "")
    return " ".join(str(lu).split())[:DIT_MAX]
