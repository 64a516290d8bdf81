"""The letter box: every mail of the site, sign-in codes included, becomes a Courriel row in the current transaction."""

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.constants import OnConflict
from django.template.loader import render_to_string

from participation.socle import taches_differees
from participation.socle.adresses import est_fermee
from participation.socle.message import hote
from participation.socle.models import Courriel, Dossier, PieceCourriel
from participation.socle.regles.sms import simplifier

TACHE = "participation.socle.tasks.envoyer_courriels"
OCTETS_ENSEMBLE = 1_000_000  # of pieces, in one statement
LOT = 50  # letters handed to a worker at once; those that somebody waits for go in between
Piece = tuple[str, str, bytes]  # name, MIME type, bytes
# Where the text of a letter is, by what it leaves.
TEXTES = {"courriel": "courriels", "sms": "sms", "lettre": "papier"}
TROU = re.compile(r"\n\s*\n\s*\n")


class BoiteEnvoi(BaseEmailBackend):
    """EMAIL_BACKEND: keeps, does not send. The worker sends through `transport`.

    What comes through here is the account's: a code, a new password. Somebody is waiting for it.
    """

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
                attendue=True,
            )
            _joindre([(courriel, map(_piece, message.attachments))])
            confier([courriel.pk], priorite=taches_differees.ATTENDU)


def _piece(piece: Any) -> Piece:
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


def _joindre(ecrites: Iterable[tuple[Courriel, Iterable[Piece]]]) -> None:
    """The pieces of many letters are written together, up to what a statement may hold."""
    lot: list[PieceCourriel] = []
    poids = 0
    for courriel, pieces in ecrites:
        for nom, type_mime, contenu in pieces:
            if lot and poids + len(contenu) > OCTETS_ENSEMBLE:
                PieceCourriel.objects.bulk_create(lot)
                lot, poids = [], 0
            lot.append(PieceCourriel(courriel=courriel, nom=nom, type_mime=type_mime, contenu=contenu))
            poids += len(contenu)
    if lot:
        PieceCourriel.objects.bulk_create(lot)


@dataclass(frozen=True, slots=True)
class Ecrite:
    """A letter that is ready, and is not in the box yet."""

    courriel: Courriel
    pieces: Sequence[Piece] = ()


class Options(TypedDict, total=False):
    """What `ecrire` and `preparer` may be told besides; `preparer` says what each is by default."""

    dossier: Dossier | None
    cle: str | None
    pieces: Iterable[Piece]
    repondre_a: str
    desabonnement: str
    entetes: Mapping[str, str] | None
    moyen: str


def preparer(
    lettre: str,
    *,
    a: Iterable[str],
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
    pieces: Iterable[Piece] = (),
    repondre_a: str = "",
    desabonnement: str = "",
    entetes: Mapping[str, str] | None = None,
    moyen: str = Courriel.Moyen.COURRIEL,
) -> Ecrite | None:
    """What `ecrire` writes, for who has many to put in the box at once with `poster`. None: to nobody."""
    destinataires = [adresse for adresse in dict.fromkeys(a) if adresse and not est_fermee(adresse)]
    if not destinataires:
        return None
    courriel = rediger(
        lettre, destinataires, contexte, dossier=dossier, cle=cle, desabonnement=desabonnement, moyen=moyen
    )
    courriel.repondre_a = repondre_a
    courriel.entetes = {**courriel.entetes, **(entetes or {})}
    return Ecrite(courriel, tuple(pieces))


@transaction.atomic
def poster(ecrites: Sequence[Ecrite]) -> list[Courriel]:
    """Put letters in the box in a few statements, and return those that were not there yet."""
    neufs = inserer([ecrite.courriel for ecrite in ecrites])
    _joindre((ecrite.courriel, ecrite.pieces) for ecrite in ecrites if ecrite.courriel.pk)
    confier([courriel.pk for courriel in neufs])
    return neufs


def ecrire(
    lettre: str, *, a: Iterable[str], contexte: Mapping[str, Any], **options: Unpack[Options]
) -> Courriel | None:
    """Write the letter `templates/courriels/<lettre>.txt` (first line: its subject) to all these addresses, as one row.

    By SMS: `templates/sms/<lettre>.txt`, to one number as `regles.sms.numero_sms` gives it; its first line is for the list of letters.

    With `cle`, a letter already written under that key is not written again: returns None. Nothing is written to who has closed
    her account.
    `pieces`: (name, MIME type, bytes). `desabonnement`: path of the page where the person stops such letters.
    `entetes`: more headers, such as the thread that it belongs to. Leaves after commit, never before.
    """
    ecrite = preparer(lettre, a=a, contexte=contexte, **options)
    return next(iter(poster([ecrite])), None) if ecrite else None


def ecrire_a_chacun(
    lettre: str, *, a: Iterable[str], contexte: Mapping[str, Any], dossier: Dossier | None = None
) -> None:
    """The same words to each, composed once, in a letter of her own: no address is shown to another."""
    adresses = [adresse for adresse in dict.fromkeys(a) if adresse and not est_fermee(adresse)]
    if adresses:
        texte = composer(lettre, contexte)
        poster([Ecrite(_ligne(lettre, [adresse], texte, dossier=dossier)) for adresse in adresses])


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One person among many: her own letter, with her own way out of the list, her own values and pieces (as for `ecrire`)."""

    adresse: str
    desabonnement: str = ""
    contexte: Mapping[str, Any] = field(default_factory=dict)
    pieces: Sequence[Piece] = ()


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
    # For who has nothing of her own, the same words: composed once, if there is anybody.
    pour_tous = functools.cache(lambda: composer(lettre, {**contexte, "desabonnement": ""}))

    def pour(personne: Destinataire) -> tuple[str, str]:
        sienne = {**contexte, **personne.contexte, "desabonnement": personne.desabonnement}
        return composer(lettre, sienne) if personne.contexte or personne.desabonnement else pour_tous()

    combien = 0
    for tranche in par_lots(destinataires, 500):
        redigees = [
            (
                _ligne(
                    lettre,
                    [personne.adresse],
                    pour(personne),
                    dossier=dossier,
                    cle=f"{cle}:{_court(personne.adresse)}" if cle else None,
                    desabonnement=personne.desabonnement,
                ),
                personne.pieces,
            )
            for personne in tranche
            if personne.adresse and not est_fermee(personne.adresse)
        ]
        with transaction.atomic():
            combien += deposer([courriel for courriel, _ in redigees])
            # Without number: it was in the box already.
            _joindre((courriel, pieces) for courriel, pieces in redigees if courriel.pk)
    return combien


def deposer(courriels: Sequence[Courriel], *, en_nombre: bool = True) -> int:
    """Insert letters that are written already, in a few statements, and hand them over in batches.

    Those whose `cle` is in the box already are left out. Returns how many are new.
    """
    for courriel in courriels:
        courriel.en_nombre = en_nombre
    with transaction.atomic():
        neufs = inserer(courriels)
        confier(
            [courriel.pk for courriel in neufs],
            priorite=taches_differees.EN_NOMBRE if en_nombre else taches_differees.TOUT_DE_SUITE,
        )
    return len(neufs)


def inserer(courriels: Sequence[Courriel]) -> list[Courriel]:
    """Insert the letters whose key is new, and return them with their numbers. Two writers at once: one wins, no error."""
    sans_cle = [courriel for courriel in courriels if courriel.cle is None]
    Courriel.objects.bulk_create(sans_cle, batch_size=1000)
    par_cle = {courriel.cle: courriel for courriel in courriels if courriel.cle is not None}
    neufs = []
    for lot in par_lots(par_cle.values(), 1000):
        for numero, cle in _inserer_les_neufs(lot):
            courriel = par_cle[cle]
            courriel.pk, courriel._state.adding, courriel._state.db = numero, False, "default"
            neufs.append(courriel)
    return sans_cle + neufs


def _inserer_les_neufs(courriels: Sequence[Courriel]) -> list[tuple[int, str]]:
    """(number, key) of those that the box had not: `bulk_create` tells no number where it leaves rows out."""
    champs: Any = [champ for champ in Courriel._meta.concrete_fields if not champ.primary_key]
    rendus = [Courriel._meta.pk, Courriel._meta.get_field("cle")]
    boite: Any = Courriel.objects.all()
    rangees = boite._insert(
        courriels, fields=champs, returning_fields=rendus, using=boite.db, on_conflict=OnConflict.IGNORE
    )
    return [rangee for rangee in rangees if rangee]  # nothing, where the only one was there


def rediger(
    lettre: str,
    a: Sequence[str],
    contexte: Mapping[str, Any],
    *,
    dossier: Dossier | None = None,
    cle: str | None = None,
    desabonnement: str = "",
    moyen: str = Courriel.Moyen.COURRIEL,
) -> Courriel:
    """The row of a letter, not yet in the database."""
    texte = composer(lettre, contexte, moyen)
    return _ligne(lettre, a, texte, dossier=dossier, cle=cle, desabonnement=desabonnement, moyen=moyen)


def _ligne(
    lettre: str,
    a: Sequence[str],
    texte: tuple[str, str],
    *,
    dossier: Dossier | None = None,
    cle: str | None = None,
    desabonnement: str = "",
    moyen: str = Courriel.Moyen.COURRIEL,
) -> Courriel:
    sujet, corps = texte
    return Courriel(
        moyen=moyen,
        dossier_id=dossier.pk if dossier else None,
        acte=lettre,
        cle=cle,
        expediteur=settings.DEFAULT_FROM_EMAIL,
        destinataires=list(a),
        sujet=sujet,
        corps=corps,
        entetes={
            # What the reader's mail program sorts by: one list for a dossier, one for letters without.
            "List-Id": f"<{((dossier and dossier.reference) or lettre.partition('/')[0]).lower()}.{hote()}>",
            "List-Unsubscribe": f"<{settings.SITE_URL}{desabonnement}>",
            # RFC 8058: the page takes a bare POST, so that the reader's mail program may do it in one click.
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if desabonnement
        else {},
    )


def composer(
    lettre: str, contexte: Mapping[str, Any], moyen: str = Courriel.Moyen.COURRIEL
) -> tuple[str, str]:
    """(subject, body) of a letter, also to show it before it is sent. The template makes links absolute with {{ site }}."""
    texte = render_to_string(f"{TEXTES[moyen]}/{lettre}.txt", {"site": settings.SITE_URL, **contexte})
    sujet, _, corps = texte.strip().partition("\n")
    # What a condition of the template leaves out must not leave a hole.
    corps = simplifier(corps) if moyen == Courriel.Moyen.SMS else TROU.sub("\n\n", corps.strip()) + "\n"
    return " ".join(sujet.split())[:255], corps


def confier(numeros: Sequence[int], *, priorite: int = taches_differees.TOUT_DE_SUITE) -> None:
    """Hand the rows to the workers once they are committed. A dead broker is no matter: the sweep finds them again."""
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
