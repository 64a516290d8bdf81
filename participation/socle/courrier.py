"""The letter box: every mail of the site, sign-in codes included, becomes a Courriel row in the current transaction."""

import contextlib
import hashlib
import re
import smtplib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from participation.socle import taches_differees
from participation.socle.models import Courriel, Dossier, PieceCourriel

TACHE = "participation.socle.tasks.envoyer_courriels"
LOT = 50  # letters handed to a worker at once: a sign-in code waits for one batch at most
TROU = re.compile(r"\n\s*\n\s*\n")


# Writing


class BoiteEnvoi(BaseEmailBackend):
    """EMAIL_BACKEND: keeps, does not send. The worker sends through settings.COURRIEL_TRANSPORT."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            # A hidden addressee gets a letter of his own: the others do not see his address.
            visibles = [*message.to, *message.cc]
            for destinataires in ([visibles] if visibles else []) + [[cache] for cache in message.bcc]:
                self._garder(message, destinataires)
        return len(email_messages)

    def _garder(self, message: EmailMessage, destinataires: list[str]) -> None:
        alternatives = getattr(message, "alternatives", None) or []
        html = next((corps for corps, type_mime in alternatives if type_mime == "text/html"), "")
        with transaction.atomic():
            courriel = Courriel.objects.create(
                expediteur=message.from_email or settings.DEFAULT_FROM_EMAIL,
                destinataires=destinataires,
                sujet=" ".join(str(message.subject).split())[:255],
                corps=str(message.body),
                corps_html=str(html),
                entetes={str(nom): str(valeur) for nom, valeur in message.extra_headers.items()},
                repondre_a=", ".join(message.reply_to or []),
            )
            _joindre(courriel, map(_piece, message.attachments))
            confier([courriel.pk])


def _piece(piece: Any) -> tuple[str, str, bytes]:
    """(name, MIME type, bytes) of what Django attaches: a tuple, or a part ready made."""
    if isinstance(piece, Message):
        contenu = piece.get_payload(decode=True)
        return (
            piece.get_filename() or "piece",
            piece.get_content_type(),
            contenu if isinstance(contenu, bytes) else b"",
        )
    nom, contenu, type_mime = piece
    octets = contenu if isinstance(contenu, bytes) else str(contenu).encode()
    return nom or "piece", type_mime or "application/octet-stream", octets


def _joindre(courriel: Courriel, pieces: Iterable[tuple[str, str, bytes]]) -> None:
    PieceCourriel.objects.bulk_create(
        PieceCourriel(courriel=courriel, nom=nom, type_mime=type_mime, contenu=contenu)
        for nom, type_mime, contenu in pieces
    )


def ecrire(
    lettre: str,
    *,
    a: Iterable[str],
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
    pieces: Iterable[tuple[str, str, bytes]] = (),
    repondre_a: str = "",
    desabonnement: str = "",
) -> Courriel | None:
    """Write the letter `templates/courriels/<lettre>.txt` (first line: its subject) to all these addresses, as one row.

    With `cle`, a letter already written under that key is not written again: returns None.
    `pieces`: (name, MIME type, bytes). `desabonnement`: path of the page where the person stops such letters.
    Leaves after commit, never before.
    """
    destinataires = [adresse for adresse in dict.fromkeys(a) if adresse]
    if not destinataires:
        return None
    courriel = rediger(lettre, destinataires, contexte, dossier=dossier, cle=cle, desabonnement=desabonnement)
    courriel.repondre_a = repondre_a
    with transaction.atomic():
        if not inserer([courriel]):
            return None
        _joindre(courriel, pieces)
        confier([courriel.pk])
    return courriel


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One person among many: her own letter, with her own way out of the list and her own values."""

    adresse: str
    desabonnement: str = ""
    contexte: Mapping[str, Any] = field(default_factory=dict)


def ecrire_a_plusieurs(
    lettre: str,
    destinataires: Iterable[Destinataire],
    *,
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
) -> int:
    """One letter for each person, by the thousand if need be; returns how many were new.

    The template always has `desabonnement`. With `cle`, nobody gets twice the letters of that key. They give way to
    letters written one by one.
    """
    combien = 0
    for tranche in par_lots(destinataires, 500):
        combien += deposer(
            [
                rediger(
                    lettre,
                    [personne.adresse],
                    {**contexte, **personne.contexte, "desabonnement": personne.desabonnement},
                    dossier=dossier,
                    cle=f"{cle}:{_court(personne.adresse)}" if cle else None,
                    desabonnement=personne.desabonnement,
                )
                for personne in tranche
                if personne.adresse
            ]
        )
    return combien


def deposer(courriels: Sequence[Courriel], *, en_nombre: bool = True) -> int:
    """Insert letters that are written already, in a few statements, and hand them over in batches.

    Those whose `cle` is in the box already are left out. Returns how many are new.
    """
    for courriel in courriels:
        courriel.en_nombre = en_nombre
    with transaction.atomic():
        neufs = inserer(courriels)
        confier([courriel.pk for courriel in neufs], en_nombre=en_nombre)
    return len(neufs)


def inserer(courriels: Sequence[Courriel]) -> list[Courriel]:
    """Insert the letters whose key is new, and return them with their numbers. Two writers at once: one wins, no error."""
    sans_cle = [courriel for courriel in courriels if courriel.cle is None]
    Courriel.objects.bulk_create(sans_cle, batch_size=1000)
    par_cle = {courriel.cle: courriel for courriel in courriels if courriel.cle is not None}
    if not par_cle:
        return sans_cle
    deja = set(Courriel.objects.filter(cle__in=par_cle).values_list("cle", flat=True))
    restants = {cle: courriel for cle, courriel in par_cle.items() if cle not in deja}
    # Of two writers at once, the second waits for the first and inserts nothing: the instant tells whose row it is.
    Courriel.objects.bulk_create(restants.values(), batch_size=1000, ignore_conflicts=True)
    for numero, cle, cree_le in Courriel.objects.filter(cle__in=restants).values_list("pk", "cle", "cree_le"):
        courriel = restants[cle or ""]
        if courriel.cree_le == cree_le:
            courriel.pk = numero
            courriel._state.adding = False
    return sans_cle + [courriel for courriel in restants.values() if courriel.pk]


def rediger(
    lettre: str,
    a: Sequence[str],
    contexte: Mapping[str, Any],
    *,
    dossier: Dossier | None = None,
    cle: str | None = None,
    desabonnement: str = "",
) -> Courriel:
    """The row of a letter, not yet in the database."""
    sujet, corps = composer(lettre, contexte)
    return Courriel(
        dossier_id=dossier.pk if dossier else None,
        acte=lettre,
        cle=cle,
        expediteur=settings.DEFAULT_FROM_EMAIL,
        destinataires=list(a),
        sujet=sujet,
        corps=corps,
        entetes={
            "List-Unsubscribe": f"<{settings.SITE_URL}{desabonnement}>",
            # RFC 8058: the page takes a bare POST, so that the reader's mail program may do it in one click.
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if desabonnement
        else {},
    )


def composer(lettre: str, contexte: Mapping[str, Any]) -> tuple[str, str]:
    """(subject, body) of a letter, also to show it before it is sent. The template makes links absolute with {{ site }}."""
    texte = render_to_string(f"courriels/{lettre}.txt", {"site": settings.SITE_URL, **contexte})
    sujet, _, corps = texte.strip().partition("\n")
    # What a condition of the template leaves out must not leave a hole.
    return " ".join(sujet.split())[:255], TROU.sub("\n\n", corps.strip()) + "\n"


def confier(numeros: Sequence[int], *, en_nombre: bool = False) -> None:
    """Hand the rows to the workers once they are committed. A dead broker is no matter: the sweep finds them again."""
    priorite = taches_differees.EN_NOMBRE if en_nombre else taches_differees.TOUT_DE_SUITE
    for tranche in par_lots(numeros, LOT):
        taches_differees.confier(TACHE, tranche, priorite=priorite)


def par_lots(valeurs: Iterable[Any], taille: int) -> Iterator[list[Any]]:
    lot = []
    for valeur in valeurs:
        lot.append(valeur)
        if len(lot) == taille:
            yield lot
            lot = []
    if lot:
        yield lot


def _court(adresse: str) -> str:
    """A key holds no address: rows outlive what people let us keep of them."""
    return hashlib.sha256(adresse.strip().lower().encode()).hexdigest()[:24]


# Sending


@dataclass(frozen=True, slots=True)
class Echec:
    """Why a letter did not leave. `definitif`: no need to try again. `du_serveur`: the next letter would not leave either."""

    phrase: str
    definitif: bool = False
    du_serveur: bool = False


class Transport:
    """One connection to the mail server, opened at the first letter and kept for the batch."""

    def __init__(self) -> None:
        reglages: dict[str, Any] = dict(settings.COURRIEL_TRANSPORT)
        moteur = reglages["EMAIL_BACKEND"]
        options: dict[str, Any] = {"timeout": settings.COURRIEL_ATTENTE}
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
        # A goodbye that nobody hears is no matter: every letter has its own answer already.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self.connexion.close()

    def envoyer(self, courriel: Courriel) -> Echec | None:
        """None when the server took the letter for all its addressees."""
        try:
            self.connexion.open()
        except (OSError, smtplib.SMTPException) as erreur:
            return Echec(f"Le serveur de courriel ne répond pas : {_dire(erreur)}", du_serveur=True)
        try:
            self.connexion.send_messages([message_de(courriel)])
        except smtplib.SMTPRecipientsRefused as refus:
            return _refus(refus.recipients)
        except smtplib.SMTPSenderRefused as erreur:
            self._raccrocher()
            return Echec(f"Le serveur refuse notre adresse d’expéditeur : {_dire(erreur)}", du_serveur=True)
        except smtplib.SMTPDataError as erreur:
            return Echec(f"Le serveur refuse la lettre : {_dire(erreur)}", definitif=erreur.smtp_code >= 500)
        except (OSError, smtplib.SMTPException) as erreur:
            self._raccrocher()
            return Echec(
                f"La liaison avec le serveur de courriel a été coupée : {_dire(erreur)}", du_serveur=True
            )
        except (ValueError, UnicodeError) as erreur:
            return Echec(f"Cette lettre ne peut pas être envoyée : {erreur}", definitif=True)
        refuses = getattr(self.connexion, "refuses", {})
        return _refus(refuses, partiel=True) if refuses else None

    def _raccrocher(self) -> None:
        """A broken connection is not used again."""
        try:
            self.connexion.close()
        except (OSError, smtplib.SMTPException):
            self.connexion.connection = None


class TransportSmtp(EmailBackend):
    """Django's own, that also says which addressees were refused when others were taken."""

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
    """What the server said of addressees. When it took the others, trying again would write twice to them."""
    dits = " ; ".join(
        f"{adresse} ({code} {texte.decode('utf-8', 'replace')})" for adresse, (code, texte) in refuses.items()
    )
    definitif = partiel or all(code >= 500 for code, _ in refuses.values())
    if partiel:
        return Echec(f"Des adresses sont refusées, les autres ont reçu la lettre : {dits}", definitif=True)
    return Echec(f"Adresse refusée par son serveur : {dits}", definitif=definitif)


def _dire(erreur: Exception) -> str:
    if isinstance(erreur, smtplib.SMTPResponseException):
        dit = erreur.smtp_error
        return f"{erreur.smtp_code} {dit.decode('utf-8', 'replace') if isinstance(dit, bytes) else dit}"
    return str(erreur) or type(erreur).__name__


def message_de(courriel: Courriel) -> EmailMultiAlternatives:
    """The MIME message of a row, with a Message-ID that stays the same at each attempt."""
    message = EmailMultiAlternatives(
        courriel.sujet,
        courriel.corps,
        courriel.expediteur,
        courriel.destinataires,
        headers={
            "Message-ID": identifiant_de(courriel),
            "Auto-Submitted": "auto-generated",
            **courriel.entetes,
        },
        reply_to=[courriel.repondre_a] if courriel.repondre_a else None,
    )
    if courriel.corps_html:
        message.attach_alternative(courriel.corps_html, "text/html")
    for piece in courriel.pieces.all():
        if piece.type_mime.startswith("text/calendar"):
            # As a part of the text itself, mail programs show an invitation; as a file, others let it be saved.
            message.attach_alternative(bytes(piece.contenu).decode(), piece.type_mime)
            message.attach(piece.nom, bytes(piece.contenu), "application/ics")
        else:
            message.attach(piece.nom, bytes(piece.contenu), piece.type_mime)
    return message


def identifiant_de(courriel: Courriel) -> str:
    return f"<courriel-{courriel.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"
