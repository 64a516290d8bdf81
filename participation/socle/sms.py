"""The gateway that takes SMS: an interface as narrow as that of mail, one client of an HTTP gateway, and a sink.

`settings.SMS["BACKEND"]` names the class, by its dotted path; empty, nobody is written to by SMS, and pages say so.
"""

from collections.abc import Callable
from typing import Any, Protocol

import requests
from django.conf import settings
from django.utils.module_loading import import_string

from participation.socle.francais import accorder
from participation.socle.regles.sms import couteux, messages_comptes

DIT_MAX = 300  # characters kept of what the gateway says
# What the gateway refuses for good: a number that does not exist, a text that it cannot carry.
DEFINITIFS = frozenset({400, 404, 410, 413, 422})
ETEINT = "Les SMS ne sont pas activés sur ce site"
MUETTE = "La passerelle de SMS ne répond pas"


class SmsRefuse(Exception):
    """This message will never leave: its text says why."""


class PasserelleEnPanne(Exception):
    """Nor would the next one leave now: its text says why."""


class Passerelle(Protocol):
    """One object for a batch. `reference` is the same at each attempt: a gateway that knows it sends nothing twice."""

    def envoyer(self, numero: str, texte: str, *, reference: str) -> None:
        """Raises SmsRefuse or PasserelleEnPanne; returns when the gateway took the message."""

    def fermer(self) -> None: ...


def sont_actifs() -> bool:
    return bool(settings.SMS["BACKEND"])


def ouvrir() -> Passerelle:
    """Raises PasserelleEnPanne when the channel is off: what was written while it was on waits."""
    if not sont_actifs():
        raise PasserelleEnPanne(f"{ETEINT}.")
    passerelle: Callable[[], Passerelle] = import_string(settings.SMS["BACKEND"])
    return passerelle()


def dire_longueur(texte: str) -> str:
    """What an agent reads under an SMS, before it leaves."""
    messages = accorder(messages_comptes(texte), "message compté", "messages comptés")
    phrase = f"{accorder(len(texte), 'signe')}, {messages} par l’opérateur."
    if lettres := couteux(texte):
        phrase += f" Un message tient moins de signes à cause de : {' '.join(lettres)}."
    return phrase


class Puits:
    """Takes everything, sends nothing: on the machine of who develops, where the page of letters shows each one."""

    def envoyer(self, numero: str, texte: str, *, reference: str) -> None:
        pass

    def fermer(self) -> None:
        pass


class PasserelleHttp:
    """The generic form, that most gateways speak or that a few lines translate (docs/exploitation-courriels.md).

    One POST of JSON for each message, `{"to", "from", "text", "reference"}`, with `Authorization: Bearer` and `Idempotency-Key`.
    2xx: taken. 400, 404, 410, 413, 422: refused for good. Anything else, or no answer in time: to be tried again.
    """

    def __init__(self) -> None:
        self.session = requests.Session()
        # Said here rather than in a header: else a .netrc of the machine would speak in its place.
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
                allow_redirects=False,  # the token is for nobody else
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
    """What the gateway says of it, in JSON or not."""
    try:
        lu: Any = reponse.json()
    except ValueError:
        lu = reponse.text
    if isinstance(lu, dict):
        lu = next((lu[nom] for nom in ("message", "error", "detail") if lu.get(nom)), "")
    return " ".join(str(lu).split())[:DIT_MAX]
