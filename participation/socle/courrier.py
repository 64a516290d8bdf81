"""The letter box: every mail of the site, sign-in codes included, becomes a Courriel row in the current transaction."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from participation.socle.models import Courriel, Dossier, PieceCourriel

TACHE = "participation.socle.tasks.envoyer_courriels"


class BoiteEnvoi(BaseEmailBackend):
    """EMAIL_BACKEND: keeps, does not send. The worker sends through settings.COURRIEL_TRANSPORT."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            html = next(
                (
                    corps
                    for corps, type_mime in getattr(message, "alternatives", [])
                    if type_mime == "text/html"
                ),
                "",
            )
            with transaction.atomic():
                courriel = Courriel.objects.create(
                    expediteur=message.from_email or settings.DEFAULT_FROM_EMAIL,
                    destinataires=list(message.recipients()),
                    sujet=message.subject,
                    corps=str(message.body),
                    corps_html=str(html),
                    entetes=dict(message.extra_headers),
                    repondre_a=", ".join(message.reply_to or []),
                )
                for piece in message.attachments:
                    if isinstance(piece, tuple):
                        nom, contenu, type_mime = piece
                        octets = contenu if isinstance(contenu, bytes) else str(contenu).encode()
                        PieceCourriel.objects.create(
                            courriel=courriel,
                            nom=nom or "piece",
                            type_mime=type_mime or "application/octet-stream",
                            contenu=octets,
                        )
                confier([courriel.pk])
        return len(email_messages)


def ecrire(
    lettre: str,
    *,
    a: Iterable[str],
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
    pieces: Iterable[tuple[str, str, bytes]] = (),
    repondre_a: str = "",
) -> Courriel | None:
    """Write the letter `templates/courriels/<lettre>.txt` (first line: its subject) to each address, as one row.

    With `cle`, a letter already written under that key is not written again: returns None.
    `pieces`: (name, MIME type, bytes). Leaves after commit.
    """
    destinataires = [adresse for adresse in dict.fromkeys(a) if adresse]
    if not destinataires:
        return None
    sujet, corps = composer(lettre, contexte)
    valeurs = {
        "dossier_id": dossier.pk if dossier else None,
        "acte": lettre,
        "expediteur": settings.DEFAULT_FROM_EMAIL,
        "destinataires": destinataires,
        "sujet": sujet,
        "corps": corps,
        "repondre_a": repondre_a,
    }
    with transaction.atomic():
        if cle is None:
            courriel, neuf = Courriel.objects.create(**valeurs), True
        else:
            courriel, neuf = Courriel.objects.get_or_create(cle=cle, defaults=valeurs)
        if not neuf:
            return None
        PieceCourriel.objects.bulk_create(
            PieceCourriel(courriel=courriel, nom=nom, type_mime=type_mime, contenu=contenu)
            for nom, type_mime, contenu in pieces
        )
        confier([courriel.pk])
    return courriel


def composer(lettre: str, contexte: Mapping[str, Any]) -> tuple[str, str]:
    """(subject, body) of a letter. Paths given in the context are made absolute by the template with {{ site }}."""
    texte = render_to_string(f"courriels/{lettre}.txt", {"site": settings.SITE_URL, **contexte})
    sujet, _, corps = texte.strip().partition("\n")
    return " ".join(sujet.split())[:255], corps.strip() + "\n"


def confier(numeros: Sequence[int]) -> None:
    """Hand the rows to the worker once they are committed. A dead broker is no matter: the sweep finds them again."""
    transaction.on_commit(partial(_confier, list(numeros)), robust=True)


def _confier(numeros: list[int]) -> None:
    from participation.celery import app

    app.send_task(TACHE, args=[numeros])


def message_de(courriel: Courriel) -> EmailMultiAlternatives:
    """The MIME message of a row, with a Message-ID that stays the same at each attempt."""
    domaine = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    message = EmailMultiAlternatives(
        courriel.sujet,
        courriel.corps,
        courriel.expediteur,
        courriel.destinataires,
        headers={
            "Message-ID": f"<courriel-{courriel.pk}@{domaine}>",
            "Auto-Submitted": "auto-generated",
            **courriel.entetes,
        },
        reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
    )
    if courriel.corps_html:
        message.attach_alternative(courriel.corps_html, "text/html")
    for piece in courriel.pieces.all():
        message.attach(piece.nom, bytes(piece.contenu), piece.type_mime)
    return message
