"""MIME messages of letters: text, HTML, and headers for mail programs."""

from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from participation.socle.collectivite import collectivite
from participation.socle.courriels.html import rendre_html
from participation.socle.francais import espacer
from participation.socle.models import Courriel

LIGNE_MAX = 998  # RFC 5322


NOM_MAX, SANS_GUILLEMET = 120, str.maketrans("", "", '"\\\r\n')


SIGNES = 20  # of a signature in a Message-ID: 120 bits


def expediteur() -> str:
    """Return who writes the letters of the site: its name, and the address of the settings."""
    nom = collectivite().site[:NOM_MAX].translate(SANS_GUILLEMET)
    return f'"{nom}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'


class Lettre(EmailMultiAlternatives):
    """An email whose long headers are not folded.

    Some mail programs cannot read a folded `List-Unsubscribe`.
    """

    def message(self) -> Any:
        message = super().message()
        message.policy = message.policy.clone(max_line_length=LIGNE_MAX)
        return message


def message_de(courriel: Courriel) -> Lettre:
    """Return the MIME message of a letter, as text and HTML. The Message-ID is the same at each attempt."""
    message = Lettre(
        espacer(courriel.sujet),
        espacer(courriel.corps),
        courriel.expediteur,
        courriel.destinataires,
        headers={
            "Message-ID": identifiant_de(courriel),
            "Date": format_datetime(timezone.localtime()),
            "Auto-Submitted": "auto-generated",
            **_fil(courriel),
            **courriel.entetes,
        },
        reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
    )
    message.attach_alternative(html_de(courriel), "text/html")
    for piece in courriel.pieces.all():
        if piece.type_mime.startswith("text/calendar"):
            # As a part of the message, mail programs show the invitation; as a file, others let the reader
            # save it.
            message.attach_alternative(bytes(piece.contenu).decode(), piece.type_mime)
            message.attach(piece.nom, bytes(piece.contenu), "application/ics")
        else:
            message.attach(piece.nom, bytes(piece.contenu), piece.type_mime)
    return message


def _fil(courriel: Courriel) -> dict[str, str]:
    """Return the headers by which a mail program shows together the letters of one dossier."""
    if courriel.dossier_id is None:
        return {}
    racine = f"<dossier-{courriel.dossier_id}@{hote()}>"
    return {"In-Reply-To": racine, "References": racine}


def html_de(courriel: Courriel) -> str:
    return courriel.corps_html or rendre_html(
        courriel.sujet, courriel.corps, courriel.expediteur, courriel.langue
    )


def identifiant_de(courriel: Courriel) -> str:
    """Return the Message-ID of a letter: its number, signed with the instant it was written.

    Nobody guesses it who did not get the letter; after a restore, another letter under this number has another.
    """
    return f"<courriel-{courriel.pk}.{next(_signatures(courriel))}@{hote()}>"


def est_identifiant_de(courriel: Courriel, signature: str) -> bool:
    return any(constant_time_compare(signature, sienne) for sienne in _signatures(courriel))


def _signatures(courriel: Courriel) -> Iterator[str]:
    """Yield the signature by the key of the site, then by its former keys."""
    signataire = Signer(salt="courriels.identifiant")
    ecrit = f"{courriel.pk}:{courriel.cree_le.astimezone(UTC).isoformat()}"
    for cle in (signataire.key, *signataire.fallback_keys):
        yield signataire.signature(ecrit, cle)[:SIGNES]


def hote() -> str:
    """Return the host name of the site, for Message-ID and List-Id."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
