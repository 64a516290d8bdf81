"""Writing of letters: every email of the site becomes a Courriel row in the current transaction."""

import functools
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.constants import OnConflict
from django.template.loader import get_template, render_to_string
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils import translation
from django.utils.translation import gettext

from participation.socle.bd.lots import par_lots
from participation.socle.courriels.destinataires import OUVRE_SEUL, avec_boite, avec_remplacants
from participation.socle.courriels.message import expediteur, hote
from participation.socle.courriels.retenue import DUE_LE, retenir
from participation.socle.langues import FRANCAIS, liens_en
from participation.socle.models import Courriel, Dossier, PieceCourriel, RythmeDesLettres
from participation.socle.regles.sms import simplifier
from participation.socle.templatetags.lettres import LettreA
from participation.socle.travaux import differes as taches_differees

TACHE = "participation.socle.tasks.envoyer_courriels"


OCTETS_ENSEMBLE = 1_000_000  # of attached files, in one statement


LOT = 50  # letters given to a worker at once; those that somebody waits for are sent in between


Piece = tuple[str, str, bytes]  # name, MIME type, bytes


# Folder of the text of a letter, by channel.
TEXTES = {"courriel": "courriels", "sms": "sms", "lettre": "papier"}


ARRET = "List-Unsubscribe"  # header of the letters about what somebody follows


SUJET_MAX = 255


TROU = re.compile(r"\n(?:[^\S\n]*\n){2,}")


class BoiteEnvoi(BaseEmailBackend):
    """The EMAIL_BACKEND: it stores the message as a row; the worker sends it with `transport`.

    Only emails about accounts come through it (a code, a new password): somebody is waiting for them.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            # Each hidden recipient gets a separate letter, so that the others do not see the address.
            visibles = [*message.to, *message.cc]
            for destinataires in ([visibles] if visibles else []) + [[cache] for cache in message.bcc]:
                self._garder(message, destinataires)
        return len(email_messages)

    def _garder(self, message: EmailMessage, destinataires: list[str]) -> None:
        alternatives = getattr(message, "alternatives", None) or []
        html = next((corps for corps, type_mime in alternatives if type_mime == "text/html"), "")
        with transaction.atomic():
            courriel = Courriel.objects.create(
                expediteur=expediteur()
                if message.from_email == settings.DEFAULT_FROM_EMAIL
                else message.from_email,
                destinataires=destinataires,
                sujet=" ".join(str(message.subject).split())[:255],
                corps=str(message.body),
                corps_html=str(html),
                entetes={str(nom): str(valeur) for nom, valeur in message.extra_headers.items()},
                repondre_a=", ".join(message.reply_to or []),
                attendue=True,
                est_secrete=True,
            )
            _joindre([(courriel, map(_piece, message.attachments))])
            confier([courriel.pk], file=settings.FILE_CODES)


def _piece(piece: Any) -> Piece:
    """Return (name, MIME type, bytes) of a Django attachment: a tuple, or a MIME part."""
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
    """Insert the attached files of many letters together, OCTETS_ENSEMBLE bytes at most per statement."""
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
    """A letter that is ready, but not in the database yet."""

    courriel: Courriel
    pieces: Sequence[Piece] = ()


class Options(TypedDict, total=False):
    """Other arguments of `ecrire` and `preparer`; the signature of `preparer` gives their defaults."""

    dossier: Dossier | None
    cle: str | None
    pieces: Iterable[Piece]
    repondre_a: str
    entetes: Mapping[str, str] | None
    moyen: str
    langue: str


def preparer(
    lettre: str,
    *,
    a: Iterable[str],
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
    pieces: Iterable[Piece] = (),
    repondre_a: str = "",
    entetes: Mapping[str, str] | None = None,
    moyen: str = Courriel.Moyen.COURRIEL,
    langue: str = FRANCAIS,
) -> Ecrite | None:
    """Prepare the letter that `ecrire` writes, to insert many at once with `poster`.

    None without a recipient.
    """
    destinataires = avec_boite(lettre, dict.fromkeys(a), contexte, dossier, cle)
    if not destinataires:
        return None
    if moyen == Courriel.Moyen.COURRIEL and a_qui(lettre) == "service":
        destinataires = avec_remplacants(destinataires, dossier)
    courriel = rediger(lettre, destinataires, contexte, dossier=dossier, cle=cle, moyen=moyen, langue=langue)
    courriel.repondre_a = repondre_a
    courriel.entetes = {**courriel.entetes, **(entetes or {})}
    return Ecrite(courriel, tuple(pieces))


@functools.cache
def _dit(lettre: str) -> LettreA | None:
    gabarit: Any = get_template(f"{TEXTES[Courriel.Moyen.COURRIEL]}/{lettre}.txt")
    dits = gabarit.template.nodelist.get_nodes_by_type(LettreA)
    return dits[0] if dits else None


def a_qui(lettre: str) -> str:
    """Return to whom the template of the letter says that it is written (`templatetags.lettres`); "" if it does not."""
    dit = _dit(lettre)
    return dit.qui if dit else ""


def _est_a_suivre(lettre: str, moyen: str) -> bool:
    """Whether an agent has to look at this letter, should it not arrive."""
    dit = _dit(lettre) if moyen == Courriel.Moyen.COURRIEL else None
    return dit is None or not dit.se_redemande


@functools.cache
def est_traduite(lettre: str, moyen: str = Courriel.Moyen.COURRIEL) -> bool:
    """Whether the sentences of the letter are marked. Another one is in French, whoever reads it, and says so."""
    gabarit: Any = get_template(f"{TEXTES[moyen]}/{lettre}.txt")
    noeuds = gabarit.template.nodelist
    return any(noeuds.get_nodes_by_type(genre) for genre in (TranslateNode, BlockTranslateNode))


@transaction.atomic
def poster(ecrites: Sequence[Ecrite], *, en_nombre: bool = False) -> list[Courriel]:
    """Insert letters already composed, in a few statements, and give them to the workers. Return those that are new.

    Letters whose `cle` is already in the database are left out. `en_nombre`: they leave after those written one by one.
    """
    for ecrite in ecrites:
        ecrite.courriel.en_nombre = en_nombre
    neufs = inserer([ecrite.courriel for ecrite in ecrites])
    # No primary key: the letter was already in the database.
    _joindre((ecrite.courriel, ecrite.pieces) for ecrite in ecrites if ecrite.courriel.pk)
    confier(
        [courriel.pk for courriel in neufs],
        priorite=taches_differees.EN_NOMBRE if en_nombre else taches_differees.TOUT_DE_SUITE,
    )
    return neufs


def ecrire(
    lettre: str, *, a: Iterable[str], contexte: Mapping[str, Any], **options: Unpack[Options]
) -> Courriel | None:
    """Write the letter `templates/courriels/<lettre>.txt` to these addresses, as one row.

    The first line of the template is the subject. For an SMS: `templates/sms/<lettre>.txt`, to one number in
    the form of `regles.sms.numero_sms`; the first line is only shown in the list of letters.

    `cle`: a letter already written under this key is not written again, and None is returned. Closed accounts
    get no letter. `pieces`: (name, MIME type, bytes). `entetes`: other headers, such as those of the thread. A value named `code` makes the
    letter secret (`Courriel.est_secrete`). The letter is sent after the commit.
    """
    ecrite = preparer(lettre, a=a, contexte=contexte, **options)
    return next(iter(poster([ecrite])), None) if ecrite else None


def ecrire_a_chacun(
    lettre: str, *, a: Iterable[str], contexte: Mapping[str, Any], dossier: Dossier | None = None
) -> None:
    """Write the same text to each address, in separate letters, so that no recipient sees another's address.

    The text is composed once.
    """
    adresses = avec_boite(lettre, dict.fromkeys(a), contexte, dossier, None)
    if adresses:
        texte, est_secrete = composer(lettre, contexte), OUVRE_SEUL in contexte
        poster(
            [
                Ecrite(_ligne(lettre, [adresse], texte, dossier=dossier, est_secrete=est_secrete))
                for adresse in adresses
            ]
        )


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One recipient among many: a letter with its own unsubscribe link, values and files (as for `ecrire`)."""

    adresse: str
    desabonnement: str = ""
    contexte: Mapping[str, Any] = field(default_factory=dict)
    pieces: Sequence[Piece] = ()
    langue: str = FRANCAIS


def ecrire_a_plusieurs(
    lettre: str,
    destinataires: Iterable[Destinataire],
    *,
    contexte: Mapping[str, Any],
    dossier: Dossier | None = None,
    cle: str | None = None,
    moyen: str = Courriel.Moyen.COURRIEL,
) -> int:
    """Write one letter to each person, possibly thousands. Return the number of new letters.

    The template always has `desabonnement`, path of the page where the person stops them: such a letter waits for
    her summary if she asked for one. With `cle`, nobody gets two letters under that key. These letters are sent
    after those written one by one.
    """
    # Without values of their own, all recipients of a language get the same text: it is composed once, when needed.
    pour_tous = functools.cache(
        lambda langue: composer(lettre, {**contexte, "desabonnement": ""}, moyen, langue)
    )

    def pour(personne: Destinataire) -> tuple[str, str]:
        sienne = {**contexte, **personne.contexte, "desabonnement": personne.desabonnement}
        if personne.contexte or personne.desabonnement:
            return composer(lettre, sienne, moyen, personne.langue)
        return pour_tous(personne.langue)

    combien = 0
    for tranche in par_lots(destinataires, 500):
        ecrites = [
            Ecrite(
                _ligne(
                    lettre,
                    [personne.adresse],
                    pour(personne),
                    dossier=dossier,
                    cle=f"{cle}:{_court(personne.adresse)}" if cle else None,
                    desabonnement=personne.desabonnement,
                    moyen=moyen,
                    langue=personne.langue,
                    est_secrete=OUVRE_SEUL in contexte or OUVRE_SEUL in personne.contexte,
                ),
                personne.pieces,
            )
            for personne in tranche
            if avec_boite(
                lettre,
                [personne.adresse],
                {**contexte, **personne.contexte, "desabonnement": ""},
                dossier,
                cle,
            )
        ]
        _garder_pour_un_resume([ecrite.courriel for ecrite in ecrites if not ecrite.pieces])
        combien += len(poster(ecrites, en_nombre=True))
    return combien


def _garder_pour_un_resume(courriels: Iterable[Courriel]) -> None:
    """Keep the letters about what somebody follows, when her address asked for one a day or a week of them."""
    suivies = [
        (courriel, courriel.destinataires[0].lower())
        for courriel in courriels
        if ARRET in courriel.entetes and not courriel.est_secrete
    ]
    if suivies:
        boites = RythmeDesLettres.objects.filter(courriel__in={boite for _, boite in suivies})
        reunies = set(boites.values_list("courriel", flat=True))
        for courriel, boite in suivies:
            if boite in reunies:
                courriel.etat = Courriel.Etat.A_REUNIR


def deposer(courriels: Iterable[Courriel], *, en_nombre: bool = True) -> int:
    """Insert letters without files, as `poster` does. Return the number of new ones."""
    return len(poster([Ecrite(courriel) for courriel in courriels], en_nombre=en_nombre))


def inserer(courriels: Sequence[Courriel]) -> list[Courriel]:
    """Insert the letters whose key is new, and return them with their primary keys.

    When two transactions write the same key, one wins without error.
    """
    retenir(courriels)
    sans_cle = [courriel for courriel in courriels if courriel.cle is None]
    Courriel.objects.bulk_create(sans_cle, batch_size=1000)
    par_cle: dict[str, Courriel] = {}
    for courriel in courriels:
        if courriel.cle is not None:
            par_cle.setdefault(courriel.cle, courriel)  # of two for one key, the first
    neufs = []
    for lot in par_lots(par_cle.values(), 1000):
        for numero, cle in _inserer_les_neufs(lot):
            courriel = par_cle[cle]
            courriel.pk, courriel._state.adding, courriel._state.db = numero, False, "default"
            neufs.append(courriel)
    return sans_cle + neufs


def _inserer_les_neufs(courriels: Sequence[Courriel]) -> list[tuple[int, str]]:
    """Insert the letters and return (primary key, key) of the new ones.

    `bulk_create` gives no primary key when it ignores conflicts.
    """
    champs: Any = [champ for champ in Courriel._meta.concrete_fields if not champ.primary_key]
    rendus = [Courriel._meta.pk, Courriel._meta.get_field("cle")]
    boite: Any = Courriel.objects.all()
    rangees = boite._insert(
        courriels, fields=champs, returning_fields=rendus, using=boite.db, on_conflict=OnConflict.IGNORE
    )
    return [rangee for rangee in rangees if rangee]  # None when a conflict left nothing to insert


def rediger(
    lettre: str,
    a: Sequence[str],
    contexte: Mapping[str, Any],
    *,
    dossier: Dossier | None = None,
    cle: str | None = None,
    moyen: str = Courriel.Moyen.COURRIEL,
    langue: str = FRANCAIS,
) -> Courriel:
    """Return the row of a letter, not saved."""
    texte = composer(lettre, contexte, moyen, langue)
    return _ligne(
        lettre,
        a,
        texte,
        dossier=dossier,
        cle=cle,
        moyen=moyen,
        langue=langue,
        est_secrete=OUVRE_SEUL in contexte,
    )


def _ligne(
    lettre: str,
    a: Sequence[str],
    texte: tuple[str, str],
    *,
    dossier: Dossier | None = None,
    cle: str | None = None,
    desabonnement: str = "",
    moyen: str = Courriel.Moyen.COURRIEL,
    langue: str = FRANCAIS,
    est_secrete: bool = False,
) -> Courriel:
    sujet, corps = texte
    return Courriel(
        moyen=moyen,
        langue=langue if est_traduite(lettre, moyen) else FRANCAIS,
        dossier_id=dossier.pk if dossier else None,
        acte=lettre,
        cle=cle,
        est_secrete=est_secrete,
        est_a_suivre=_est_a_suivre(lettre, moyen),
        due_le=DUE_LE.get(),
        expediteur=expediteur(),
        destinataires=list(a),
        sujet=situer_sujet(sujet, dossier) if moyen == Courriel.Moyen.COURRIEL else sujet,
        corps=corps,
        entetes={
            # Used by the mail program of the reader to sort: one list per dossier, one for letters without a
            # dossier.
            "List-Id": f"<{((dossier and dossier.reference) or lettre.partition('/')[0]).lower()}.{hote()}>",
            ARRET: f"<{settings.SITE_URL}{desabonnement}>",
            # RFC 8058: the page accepts a bare POST, so that a mail program can unsubscribe in one click.
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        if desabonnement
        else {},
    )


def composer(
    lettre: str, contexte: Mapping[str, Any], moyen: str = Courriel.Moyen.COURRIEL, langue: str = FRANCAIS
) -> tuple[str, str]:
    """Return (subject, body) of a letter, also to show it before it is sent.

    The template makes links absolute with {{ site }}. Words and links are of the language of who reads the letter,
    whatever the page was on which somebody acted.
    """
    est_dans_la_sienne = langue == FRANCAIS or est_traduite(lettre, moyen)
    with translation.override(langue if est_dans_la_sienne else FRANCAIS):
        rendu = render_to_string(f"{TEXTES[moyen]}/{lettre}.txt", {"site": settings.SITE_URL, **contexte})
    texte = liens_en(rendu, langue)
    sujet, _, corps = texte.strip().partition("\n")
    if str(contexte.get(OUVRE_SEUL, "")) and str(contexte[OUVRE_SEUL]) in sujet:
        raise ValueError(f"The subject of {lettre} holds a secret: it is read in lists and journals.")
    # Conditions of the template may leave several empty lines.
    if not est_dans_la_sienne:
        with translation.override(langue):
            corps = f"{gettext('Cette lettre n’est qu’en français.')}\n\n{corps}"
    corps = simplifier(corps) if moyen == Courriel.Moyen.SMS else TROU.sub("\n\n", corps.strip()) + "\n"
    return " ".join(sujet.split())[:SUJET_MAX], corps


def situer_sujet(sujet: str, dossier: Any) -> str:
    """Return the subject with the reference of its dossier at one place, its end: « Texte corrigé (PET-2026-0012) »."""
    reference = getattr(dossier, "reference", "") or ""
    if not reference:
        return sujet
    nu = sujet.replace(f"[{reference}]", " ").replace(f"({reference})", " ")
    nu = " ".join(nu.split()).removesuffix(f" : {reference}")
    return nu if reference in nu else f"{nu[: SUJET_MAX - len(reference) - 3]} ({reference})"


def confier(
    numeros: Sequence[int], *, priorite: int = taches_differees.TOUT_DE_SUITE, file: str = ""
) -> None:
    """Give the rows to the workers after the commit. If the broker is down, the sweep finds them later."""
    for tranche in par_lots(numeros, LOT):
        taches_differees.confier(TACHE, tranche, priorite=priorite, file=file)


def _court(adresse: str) -> str:
    """Return a short hash of the address: a key must not hold an address, since rows outlive the consent."""
    return hashlib.sha256(adresse.strip().lower().encode()).hexdigest()[:24]
