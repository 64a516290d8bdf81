"""The gate that every SMS passes, and the gateways: an interface, a generic HTTP client, one that sends nothing.

`settings.SMS["BACKEND"]` is the dotted path of the class; when empty, no SMS is written and the pages say so.
`settings.SMS_BORNES` says to which countries, how many to one number, and how many in a day: an SMS costs money, and
anybody may give a number that is not theirs.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Protocol

import requests
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string

from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.francais import accorder
from participation.socle.models import Courriel, JourSms
from participation.socle.regles.courriel_brut import paroles_du_serveur
from participation.socle.regles.sms import couteux, indicatif_refuse, messages_comptes, numero_sms

# Statuses that are final: the number does not exist, or the text cannot be carried.
DEFINITIFS = frozenset({400, 404, 410, 413, 422})


ETEINT = "Les SMS ne sont pas activés sur ce site"


PLAFOND = "Le site a envoyé aujourd’hui autant de SMS qu’il en envoie en un jour"


REPRISE = time(8)  # in the morning, for those that waited


UN_INSTANT = timedelta(minutes=1)


MUETTE = "La passerelle de SMS ne répond pas"


class SmsRefuse(Exception):
    """This message will never be accepted. The text of the exception says why."""


class SmsRetenu(Exception):
    """A limit of this site stops this message. The text of the exception says why.

    `jusqu_a`: when to try again; None when an agent decides.
    """

    def __init__(self, phrase: str, jusqu_a: datetime | None = None) -> None:
        super().__init__(phrase)
        self.jusqu_a = jusqu_a


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


def numero_de(telephone: str) -> str:
    """Return the number in E.164 to which this site sends SMS; "" when it sends none to what was typed."""
    return numero_sms(telephone, settings.SMS_BORNES["PAYS"]) if sont_actifs() else ""


def indicatif_sans_sms(telephone: str) -> str:
    """Return the prefix, « +371 », of a mobile number in a country to which this site sends none; "" otherwise."""
    return indicatif_refuse(telephone, settings.SMS_BORNES["PAYS"]) if sont_actifs() else ""


def pourquoi_aucun(telephone: str) -> str:
    """Return the sentence that says why `numero_de` gives nothing."""
    if not sont_actifs():
        return f"{ETEINT}."
    if indicatif := indicatif_sans_sms(telephone):
        return f"Ce site n’envoie pas de SMS aux numéros en {indicatif}."
    return "Son numéro ne reçoit pas de SMS."


def passer(courriel: Courriel) -> str:
    """Return the number of this SMS, whatever wrote it, once the limits let it leave. Raises SmsRetenu.

    The row is « en cours », committed: of two SMS to one number, each sees the other or its end.
    """
    bornes = settings.SMS_BORNES
    (ecrit,) = courriel.destinataires
    numero = numero_sms(ecrit, bornes["PAYS"])
    if not numero:
        raise SmsRetenu(pourquoi_aucun(ecrit))
    siens = Courriel.objects.vers_le_numero(numero).exclude(pk=courriel.pk)
    en_cours = siens.filter(etat=Courriel.Etat.EN_COURS).count()
    for combien, depuis, quand in (
        (bornes["PAR_NUMERO_JOUR"], debut_du_jour(), "aujourd’hui"),
        (bornes["PAR_NUMERO_MOIS"], il_y_a_plus_de(30), "en trente jours"),
    ):
        partis = siens.filter(etat=Courriel.Etat.ENVOYE, envoye_le__gte=depuis).count()
        if partis >= combien:
            raise SmsRetenu(
                f"Ce numéro a déjà reçu {accorder(partis, 'SMS', 'SMS')} {quand} : celui-ci n’est pas parti. "
                "Renvoyez-le plus tard, ou joignez la personne autrement."
            )
        if partis + en_cours >= combien:
            raise SmsRetenu("Un autre SMS part vers ce numéro.", timezone.now() + UN_INSTANT)
    if JourSms.objects.filter(jour=timezone.localdate(), sms__gte=bornes["PAR_JOUR"]).exists():
        demain = timezone.localdate() + timedelta(days=1)
        raise SmsRetenu(
            f"{PLAFOND} : celui-ci partira demain matin.",
            timezone.make_aware(datetime.combine(demain, REPRISE)),
        )
    return numero


def compter_un_envoi(corps: str) -> None:
    """Add an SMS that has left to the figures of the day, which are kept longer than its text."""
    _compter_aujourd_hui(sms=1, messages=messages_comptes(corps.strip()))


def compter_un_refus() -> None:
    _compter_aujourd_hui(retenus=1)


def _compter_aujourd_hui(**ajouts: int) -> None:
    jour, _ = JourSms.objects.get_or_create(jour=timezone.localdate())
    JourSms.objects.filter(pk=jour.pk).update(**{nom: F(nom) + n for nom, n in ajouts.items()})


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
    return paroles_du_serveur(str(lu))
