"""Parsing of a mail: author, text, quoted text, thread, and whether a person or a machine sent it.

Bytes in; no database, no network. Whatever a stranger sent is read in bounded time, or Illisible says why not;
a broken charset, raw bytes in a header or invalid base64 are decoded as well as possible. A mail in HTML is swept
forward only, so that its cost grows as it does: `html.parser` starts again at each « < » of a broken page, and a
parser of trees walks up all open elements.
"""

import hashlib
import html
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from itertools import islice
from typing import Any

from participation.socle.regles.courriel_brut import (
    Illisible,
    decoder,
    decoder_entete,
    entete,
    nettoyer,
    ouvrir,
)
from remontees.boite.expediteur import (
    Sorte,
    Verdict,
    doute_sur,
    silence_pour,
    sorte_de,
    verdict_sur,
    vient_d_un_serveur,
)
from remontees.messages.regles import separer

HTML_MAX = 1_000_000  # characters


BLOCS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})


TUS = frozenset({"style", "script", "head", "title"})


BLANCS = re.compile(r"\s+")


NOM_DE_BALISE = re.compile(r"/?[a-zA-Z][a-zA-Z0-9]{0,15}")


def texte_du_html(page: str) -> str:
    """Return the text, one line per block; quoted lines begin with « > »."""
    page = page[:HTML_MAX]
    basse = page.lower() if len(page.lower()) == len(page) else page
    morceaux: list[str] = []
    cites = ou = 0
    while ou < len(page):
        chevron = page.find("<", ou)
        texte = page[ou:] if chevron < 0 else page[ou:chevron]
        if texte.strip():
            morceaux.append(BLANCS.sub(" ", _caracteres(texte)))
        if chevron < 0:
            break
        if page.startswith("<!--", chevron):
            ou = _apres(page, "-->", chevron)
            continue
        trouve = NOM_DE_BALISE.match(page, chevron + 1)
        if trouve is None and not page.startswith(("<!", "<?"), chevron):
            morceaux.append("<")
            ou = chevron + 1
            continue
        ou = _apres(page, ">", chevron)
        balise = trouve[0].lower() if trouve else ""
        nom = balise.lstrip("/")
        if balise in TUS:
            ou = _apres(page, ">", _avant(basse, f"</{nom}", ou))
        if nom == "blockquote":
            cites = max(0, cites + (-1 if balise != nom else 1))
        if nom in BLOCS and balise != "/br":
            morceaux.append("\n> " if cites else "\n")
    return "".join(morceaux)


def _apres(page: str, quoi: str, ou: int) -> int:
    """Return the place after the next `quoi`; the end without any: nothing is looked for twice."""
    trouve = page.find(quoi, ou)
    return trouve + len(quoi) if trouve >= 0 else len(page)


def _avant(page: str, quoi: str, ou: int) -> int:
    trouve = page.find(quoi, ou)
    return trouve if trouve >= 0 else len(page)


def _caracteres(texte: str) -> str:
    try:
        return html.unescape(texte)
    except (ValueError, OverflowError):  # a number of thousands of digits
        return texte


ESPACE_DES_CLES = uuid.UUID("7d9a4f0c-2f0a-5d5e-9a53-1d6a2b6f3c11")


PIECES_MAX = 10


TEXTE_MAX, BRUT_MAX = 20_000, 200_000  # characters: kept, looked at


TETE_MAX = 200_000  # bytes of headers


REFERENCE = re.compile(r"\bREM-[0-9]{4}-[0-9]{4,7}\b")


IDENTIFIANT = re.compile(r"<([^<>\s]{1,250})>")


TRANSFERTS = ("tr", "fw", "fwd", "wg", "i", "rv")


# What servers add on the way: one mail delivered twice differs by these. Not Authentication-Results: a forged
# mail is not the same as the one that our server checked.
TRACES = (
    b"received",
    b"return-path",
    b"delivered-to",
    b"x-original-to",
    b"envelope-to",
    b"x-envelope-",
    b"delivery-date",
    b"x-received",
    b"arc-",
    b"x-spam-",
    b"x-virus-",
    b"x-google-",
    b"x-ms-exchange-",
    b"x-forefront-",
)


@dataclass(frozen=True, slots=True)
class Piece:
    nom: str
    type_mime: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Lu:
    """A parsed mail. `dit`: text of its author; `cite`: quoted text; `tout`: both, and the subject.

    `repondre_a`: who it asks to answer, (name, address), when it is one person other than its author.

    `silence`: why it gets no receipt. `doute`: why an agent must look at it first.
    """

    numero: str
    cites: tuple[str, ...]
    nom: str
    adresse: str
    objet: str
    dit: str
    cite: str
    tout: str
    sorte: Sorte
    le: datetime | None = None
    pieces: tuple[Piece, ...] = field(default=())
    verdict: Verdict = field(default_factory=Verdict)
    silence: str = ""
    doute: str = ""
    repondre_a: tuple[str, str] = ("", "")

    @property
    def references(self) -> list[str]:
        """References of remontées named in the mail, those of the subject first."""
        return list(dict.fromkeys([*REFERENCE.findall(self.objet), *REFERENCE.findall(self.tout)]))

    def en_json(self) -> dict[str, Any]:
        """What a page shows of the mail, kept by the worker: no page reads a mail again."""
        return {"dit": self.dit, "cite": self.cite, "pieces": [piece.nom for piece in self.pieces]}


def cle_de(octets: bytes, taille: int = 0) -> uuid.UUID:
    """Return the fingerprint of a mail: its bytes, less what servers add on the way, and its size if not whole.

    Two mails are one only if they say the same from end to end, whatever their Message-ID.
    """
    tete, vide, corps = octets.partition(b"\r\n\r\n" if b"\r\n\r\n" in octets[:1_000_000] else b"\n\n")
    somme = hashlib.sha256(str(taille).encode() if taille else b"")
    garde = True
    for ligne in tete.split(b"\n"):
        if not ligne.startswith((b" ", b"\t")):
            garde = not ligne[:40].lower().startswith(TRACES)
        if garde:
            somme.update(ligne + b"\n")
    somme.update(vide)
    somme.update(corps)
    return uuid.UUID(bytes=somme.digest()[:16])


def cle_par_numero(octets: bytes) -> uuid.UUID | None:
    """Return the key that mails received before the fingerprint have: that of their Message-ID."""
    message = _tete_de(octets)
    numero = entete(message, "Message-ID").strip() if message else ""
    return uuid.uuid5(ESPACE_DES_CLES, numero) if numero else None


def dire_de_qui(octets: bytes) -> tuple[str, str]:
    """Return (address, subject) of a mail that is not read, as far as its headers tell them."""
    message = _tete_de(octets)
    if message is None:
        return "", ""
    try:
        return _adresse(message)[1], _objet(message)
    except Exception:  # hostile headers
        return "", ""


def _tete_de(octets: bytes) -> Message | None:
    tete = octets[:TETE_MAX].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    try:
        return ouvrir(tete + b"\n\n")
    except Illisible:
        return None


def _adresse(message: Message) -> tuple[str, str]:
    nom, adresse = parseaddr(entete(message, "From"))
    return nettoyer(nom)[:120], nettoyer(adresse).lower()[:254] if "@" in adresse else ""


def _repondre_a(message: Message, auteur: str) -> tuple[str, str]:
    adresses = getaddresses([entete(message, "Reply-To")[:2_000]])
    if len(adresses) != 1:
        return "", ""
    nom, adresse = nettoyer(adresses[0][0])[:120], nettoyer(adresses[0][1]).lower()[:254]
    est_autre = "@" in adresse and adresse != auteur and not vient_d_un_serveur(adresse)
    return (nom, adresse) if est_autre else ("", "")


def _objet(message: Message) -> str:
    return " ".join(nettoyer(entete(message, "Subject")).split())[:255]


def lire(octets: bytes, serveurs: Iterable[str] = ()) -> Lu:
    """Read a mail. `serveurs`: see `verdict_sur`. Raises Illisible, and nothing else, whatever the bytes."""
    message = ouvrir(octets)
    try:
        return _lire(message, serveurs)
    except Exception as erreur:  # hostile parts may raise anything in the library
        raise Illisible(f"Une partie de ce courriel ne se lit pas ({type(erreur).__name__}).") from erreur


def _lire(message: Message, serveurs: Iterable[str]) -> Lu:
    objet = entete(message, "Subject")
    nom, adresse = _adresse(message)
    texte, html, pieces = _parties(message)
    entier = (nettoyer(texte) or nettoyer(texte_du_html(html)))[:TEXTE_MAX]
    est_transfere = objet.partition(":")[0].strip().lower() in TRANSFERTS and ":" in objet
    dit, cite = (entier, "") if est_transfere else separer(entier)
    sorte = sorte_de(message, objet)
    return Lu(
        numero=entete(message, "Message-ID").strip()[:255],
        cites=tuple(
            f"<{cite}>"
            for cite in islice(
                IDENTIFIANT.findall(f"{entete(message, 'In-Reply-To')} {entete(message, 'References')}"), 100
            )
        ),
        nom=nom,
        adresse=adresse,
        objet=_objet(message),
        dit=dit,
        cite=cite,
        tout=f"{objet}\n{entier}",
        sorte=Sorte.AUTOMATIQUE if sorte == Sorte.PERSONNE and vient_d_un_serveur(adresse) else sorte,
        le=_date(message),
        pieces=tuple(pieces),
        verdict=verdict_sur(message, adresse, serveurs),
        silence=silence_pour(message, adresse, objet),
        doute=doute_sur(message),
        repondre_a=_repondre_a(message, adresse),
    )


def _parties(message: Message) -> tuple[str, str, list[Piece]]:
    textes: list[str] = []
    html = ""
    pieces: list[Piece] = []
    for partie in message.walk():
        if partie.is_multipart():
            continue
        type_mime = partie.get_content_type()
        nom = _nom_de(partie)
        jointe = partie.get_content_disposition() == "attachment" or bool(nom)
        if type_mime == "text/plain" and not jointe:
            textes.append(_texte(partie))
        elif type_mime == "text/html" and not jointe:
            html = html or _texte(partie)
        elif len(pieces) < PIECES_MAX and (jointe or type_mime.startswith("image/")):
            octets = partie.get_payload(decode=True)
            if isinstance(octets, bytes) and octets:
                pieces.append(Piece(nom or _nom_par_defaut(type_mime), type_mime, octets))
    return "\n".join(textes), html, pieces


def _nom_de(partie: Message) -> str:
    return " ".join(nettoyer(decoder_entete(str(partie.get_filename() or ""))).split())[:150]


def _nom_par_defaut(type_mime: str) -> str:
    """Return a name for a picture put in the text without one."""
    genre, _, sorte = type_mime.partition("/")
    return f"image.{'jpg' if sorte == 'jpeg' else sorte[:10]}" if genre == "image" else "piece"


def _texte(partie: Message) -> str:
    octets = partie.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    return decoder(octets, str(partie.get_content_charset() or ""))[:BRUT_MAX]


def _date(message: Message) -> datetime | None:
    try:
        le = parsedate_to_datetime(entete(message, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return le if le.tzinfo else le.replace(tzinfo=UTC)
