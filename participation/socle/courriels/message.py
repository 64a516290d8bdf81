"""MIME messages of letters: text, HTML made from it, and headers for mail programs.

The HTML has one template, no download, the same words in order. Four shapes are recognised: a paragraph, a list (« - »), a
URL alone on its line or after « Libellé : », and a code of six digits. The first URL of the site becomes a button; every
URL is also written in full.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_noop

from participation.socle.collectivite import collectivite
from participation.socle.francais import espacer
from participation.socle.langues import FRANCAIS
from participation.socle.models import Courriel
from participation.socle.templatetags.lettres import ADRESSE

DEUX_POINTS = re.compile(r"[ \u00a0]:[ \u00a0]")


CODE = re.compile(r"\d{6}")


LIBELLE = gettext_noop("Ouvrir la page")


LIBELLE_MAX = 45  # characters; a longer label is a sentence, and stays one


# « Rendre le bilan : », on the line above a URL, becomes the label of its button.
PREMIER_MOT = re.compile(r"(?:L[ea] |L’)?(?!Votre|Notre)\w+")


@dataclass(slots=True)
class Bloc:
    """One shape of the text.

    `genre`: paragraphe, liste, lien, code. `lignes`: lines of a paragraph, or items of a list, each with its
    lines.
    """

    genre: str
    lignes: list[list[str]] = field(default_factory=list)
    adresse: str = ""
    libelle: str = ""
    est_bouton: bool = False


def rendre_html(sujet: str, corps: str, expediteur: str, langue: str = FRANCAIS) -> str:
    nom, _ = parseaddr(expediteur)
    typographie = espacer if langue == FRANCAIS else str
    with translation.override(langue):
        return render_to_string(
            "courriels/lettre.html",
            {
                "sujet": typographie(sujet),
                "blocs": blocs(typographie(corps)),
                "expediteur": nom,
                "langue": langue,
                "sens": "rtl" if translation.get_language_bidi() else "ltr",
            },
        )


def blocs(corps: str) -> list[Bloc]:
    """Return the shapes of a text, in order.

    A URL of another site (a remote meeting) becomes a button only when the letter has no URL of this site; a file for an
    agenda, only when there is nothing else.
    """
    trouves = list(_lire(corps))
    liens = [bloc for bloc in trouves if bloc.genre == "lien"]
    chez_nous = [bloc for bloc in liens if bloc.adresse.startswith(settings.SITE_URL)]
    candidats = chez_nous or liens
    pages = [bloc for bloc in candidats if not bloc.adresse.endswith(".ics")]
    for bloc in (pages or candidats)[:1]:
        bloc.est_bouton = True
    return trouves


def _lire(corps: str) -> Iterator[Bloc]:
    for paragraphe in re.split(r"\n\s*\n", corps.strip()):
        courant: Bloc | None = None
        for ligne in paragraphe.splitlines():
            est_suite = ligne.startswith("  ")
            nue = ligne.strip()
            lien = lire_lien(nue)
            if courant is not None and courant.genre == "liste" and est_suite:
                courant.lignes[-1].append(nue)
            elif nue.startswith("- "):
                if courant is None or courant.genre != "liste":
                    if courant is not None:
                        yield courant
                    courant = Bloc("liste")
                courant.lignes.append([nue.removeprefix("- ")])
            elif lien is not None or CODE.fullmatch(nue):
                if lien is not None and not lien[0] and courant is not None and courant.genre == "paragraphe":
                    lien = _dernier_infinitif(courant.lignes[0]), lien[1]
                if courant is not None and any(courant.lignes):
                    yield courant
                courant = None
                yield Bloc("code", [[nue]]) if lien is None else _lien(lien)
            else:
                if courant is None or courant.genre != "paragraphe":
                    if courant is not None:
                        yield courant
                    courant = Bloc("paragraphe", [[]])
                courant.lignes[-1].append(nue)
        if courant is not None:
            yield courant


def lire_lien(ligne: str) -> tuple[str, str] | None:
    """Return (label or "", URL) for a line that holds only these; else None.

    Cut at the last colon: a URL has no space.
    """
    debut = fin = 0
    for coupe in DEUX_POINTS.finditer(ligne):
        debut, fin = coupe.span()
    adresse = ligne[fin:].removesuffix(".")
    return (ligne[:debut].rstrip(), adresse) if ADRESSE.fullmatch(adresse) else None


def _dernier_infinitif(lignes: list[str]) -> str:
    """Remove and return the last line if it is the label of the URL that follows (an infinitive); else ""."""
    ligne = lignes[-1]
    mot = PREMIER_MOT.match(ligne)
    if mot is None or not mot[0].endswith(("er", "ir", "re")):
        return ""
    if len(ligne) > LIBELLE_MAX or "." in ligne or not ligne.endswith("\u00a0:"):
        return ""
    return lignes.pop().removesuffix("\u00a0:")


def _lien(lien: tuple[str, str]) -> Bloc:
    libelle, adresse = lien
    est_court = 0 < len(libelle) <= LIBELLE_MAX and "." not in libelle
    phrase = [] if est_court or not libelle else [[f"{libelle}\u00a0:"]]
    return Bloc("lien", phrase, adresse=adresse, libelle=libelle if est_court else LIBELLE)


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
