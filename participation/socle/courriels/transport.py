"""Sending of letters: one connection to the mail server, or to the SMS gateway, for each batch."""

import contextlib
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend

from participation.socle.courriels import sms
from participation.socle.courriels.message import message_de
from participation.socle.models import Courriel
from participation.socle.regles.courriel_brut import citer_le_serveur, paroles_du_serveur

MUET = "Le serveur de courriel ne répond pas"


COUPE = "La liaison avec le serveur de courriel a été coupée"


@dataclass(frozen=True, slots=True)
class Echec:
    """Why a letter was not sent.

    `definitif`: do not try again. `du_serveur`: the next letters would fail too. `du_site`: our own limits stop it;
    it is tried again at `reprise`, or when an agent says so.
    """

    phrase: str
    definitif: bool = False
    du_serveur: bool = False
    du_site: bool = False
    reprise: datetime | None = None


class Envoyeur(Protocol):
    """Interface of a channel that sends letters."""

    def __enter__(self) -> "Envoyeur": ...

    def __exit__(self, *exc: object) -> None: ...

    def envoyer(self, courriel: Courriel) -> Echec | None:
        """Send the letter. Return None when it was accepted for all recipients."""


def transport_de(moyen: str) -> Envoyeur:
    return TransportSms() if moyen == Courriel.Moyen.SMS else Transport()


class Transport:
    """A connection to the mail server, opened at the first letter and kept for the batch."""

    def __init__(self, attente: float | None = None) -> None:
        reglages: dict[str, Any] = dict(settings.COURRIEL_TRANSPORT)
        moteur = reglages["EMAIL_BACKEND"]
        options: dict[str, Any] = {"timeout": attente or settings.COURRIEL_ATTENTE}
        for nom in ("HOST", "PORT", "USE_TLS", "USE_SSL"):
            if reglages.get(f"EMAIL_{nom}") is not None:
                options[nom.lower()] = reglages[f"EMAIL_{nom}"]
        options["username"] = reglages.get("EMAIL_HOST_USER") or ""
        options["password"] = reglages.get("EMAIL_HOST_PASSWORD") or ""
        self.connexion: Any = get_connection(
            f"{__name__}.{TransportSmtp.__name__}" if moteur.endswith("smtp.EmailBackend") else moteur,
            **options,
        )

    def __enter__(self) -> "Transport":
        return self

    def __exit__(self, *exc: object) -> None:
        # A failed QUIT does not matter: every letter already has its answer.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.connexion.close()

    def envoyer(self, courriel: Courriel) -> Echec | None:
        """Send the letter. Return None when the server accepted it for all recipients."""
        try:
            self.connexion.open()
        except (OSError, smtplib.SMTPException) as erreur:
            return Echec(f"{MUET} {_dire(erreur)}", du_serveur=True)
        try:
            self.connexion.send_messages([message_de(courriel)])
        except smtplib.SMTPRecipientsRefused as refus:
            return _refus(refus.recipients)
        except smtplib.SMTPSenderRefused as erreur:
            self._raccrocher()
            return Echec(f"Le serveur refuse notre adresse d’expéditeur. {_dire(erreur)}", du_serveur=True)
        except smtplib.SMTPDataError as erreur:
            return Echec(f"Le serveur refuse la lettre. {_dire(erreur)}", definitif=erreur.smtp_code >= 500)
        except (OSError, smtplib.SMTPException) as erreur:
            self._raccrocher()
            return Echec(f"{COUPE} {_dire(erreur)}", du_serveur=True)
        except (ValueError, UnicodeError) as erreur:
            return Echec(f"Cette lettre ne peut pas être envoyée : {erreur}", definitif=True)
        refuses = getattr(self.connexion, "refuses", {})
        return _refus(refuses, partiel=True) if refuses else None

    def _raccrocher(self) -> None:
        """Close a broken connection, so that it is not used again."""
        try:
            self.connexion.close()
        except (OSError, smtplib.SMTPException):
            self.connexion.connection = None


class TransportSms:
    """The SMS gateway, opened at the first message."""

    def __init__(self) -> None:
        self.passerelle: sms.Passerelle | None = None

    def __enter__(self) -> "TransportSms":
        return self

    def __exit__(self, *exc: object) -> None:
        if self.passerelle is not None:
            self.passerelle.fermer()

    def envoyer(self, courriel: Courriel) -> Echec | None:
        try:
            numero = sms.passer(courriel)
            self.passerelle = self.passerelle or sms.ouvrir()
            self.passerelle.envoyer(numero, courriel.corps.strip(), reference=f"courriel-{courriel.pk}")
        except sms.SmsRetenu as retenu:
            return Echec(str(retenu), du_site=True, reprise=retenu.jusqu_a)
        except sms.SmsRefuse as refus:
            return Echec(str(refus), definitif=True)
        except sms.PasserelleEnPanne as panne:
            return Echec(str(panne), du_serveur=True)
        return None


class TransportSmtp(EmailBackend):
    """The SMTP backend of Django, which also keeps the recipients refused when others were accepted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refuses: dict[str, tuple[int, bytes]] = {}

    @property
    def connection_class(self) -> Any:
        dorsal, base = self, super().connection_class  # type: ignore[misc]

        class Ligne(base):  # type: ignore[misc, valid-type]
            def sendmail(self, *args: Any, **kwargs: Any) -> Any:
                dorsal.refuses = {}
                dorsal.refuses = super().sendmail(*args, **kwargs)
                return dorsal.refuses

        return Ligne


def _refus(refuses: Mapping[str, tuple[int, bytes]], *, partiel: bool = False) -> Echec:
    """Return the failure for refused recipients.

    `partiel`: the others accepted the letter; trying again would send it to them twice.
    """
    adresses = ", ".join(refuses)
    code, texte = next(iter(refuses.values()))
    dites = citer_le_serveur(f"{code} {texte.decode('utf-8', 'replace')}")
    definitif = partiel or all(code >= 500 for code, _ in refuses.values())
    if partiel:
        debut = f"Des adresses sont refusées, les autres ont reçu la lettre : {adresses}"
        return Echec(f"{debut}. {dites}".strip(), definitif=True)
    return Echec(f"Adresse refusée par son serveur : {adresses}. {dites}".strip(), definitif=definitif)


def _dire(erreur: Exception) -> str:
    """Quote the other server, whose words are not ours."""
    if isinstance(erreur, smtplib.SMTPResponseException):
        dit = erreur.smtp_error
        paroles = dit.decode("utf-8", "replace") if isinstance(dit, bytes) else str(dit)
        return citer_le_serveur(f"{erreur.smtp_code} {paroles}")
    return f"({paroles_du_serveur(str(erreur)) or type(erreur).__name__})"
