"""Parsing of a mail: author, text, quoted text, thread, and whether a person or a machine sent it.

Bytes in; no database, no network. A stranger's mail must never raise: a broken charset, raw bytes in a header
or invalid base64 are decoded as well as possible.
"""

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from enum import StrEnum
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]

ESPACE_DES_CLES = uuid.UUID("7d9a4f0c-2f0a-5d5e-9a53-1d6a2b6f3c11")
LANGUES = ["fr", "en", "es", "it", "pt", "de"]
PIECES_MAX = 10
TEXTE_MAX = 20_000
REFERENCE = re.compile(r"\bREM-[0-9]{4}-[0-9]{4,7}\b")
USURPE = re.compile(r";\s?dmarc ?= ?fail\b", re.IGNORECASE)
IDENTIFIANT = re.compile(r"<[^<>\s]{1,250}>")
MACHINES = re.compile(
    r"^(?:r[ée]ponse automatique|message d.absence|absence du bureau|absent[e]? du bureau|automatic reply|auto(?:matic)?[- ]?reply|"
    r"out of (?:the )?office|undeliverable|undelivered mail|mail delivery|delivery status notification|non remis|[ée]chec de (?:la )?remise)",
    re.IGNORECASE,
)
MERCI = re.compile(
    r"(?:(?:ok|d.accord|parfait|super|bien re[çc]u|bonjour|re[çc]u|tr[èe]s bien|bravo)[\s,.!]*)*"
    r"(?:un (?:grand|tr[èe]s grand) )?merci\b[^?]{0,80}|(?:ok|d.accord|parfait|super|bien re[çc]u|c.est parfait|tr[èe]s bien)[\s.!]*",
    re.IGNORECASE,
)
FORMULE = re.compile(
    r"(?:bonjour|bonsoir|cordialement|bien à vous|madame|monsieur|,| )+[\s,.!]*", re.IGNORECASE
)
# Start of the quoted text. EmailReplyParser misses the forms that a mail program has split over two lines.
CITATIONS = re.compile(
    r"^[ \t>]*(?:"
    r"(?:Le|On|El|Il|Am)\b[^\n]{0,200}(?:\n[^\n]{0,120}){0,2}?(?:a\s+[ée]crit|wrote|escribi[óo]|ha scritto|schrieb)[^\n]{0,40}:[ \t]*$"
    r"|-{2,}[ \t]*(?:Message d.origine|Message initial|Message transf[ée]r[ée]|Original Message|Forwarded message)[ \t]*-{2,}"
    r"|_{10,}[ \t]*$"
    r"|(?:De|From)[ \t]*:[^\n]+\n[ \t>]*(?:Envoy[ée]|Date|Sent|[ÀA]|To|Objet|Subject)[ \t]*:"
    r")",
    re.MULTILINE | re.IGNORECASE,
)


class Sorte(StrEnum):
    """Kind of sender, from the headers."""

    PERSONNE = "personne"
    AUTOMATIQUE = "automatique"
    REBOND = "rebond"
    ACCUSE = "accuse"


@dataclass(frozen=True, slots=True)
class Piece:
    nom: str
    type_mime: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Lu:
    """A parsed mail. `dit`: text of its author; `cite`: quoted text; `tout`: both, and the subject."""

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
    # Our mail server reports a DMARC failure: the domain of the address did not send this mail.
    est_usurpe: bool = False

    @property
    def references(self) -> list[str]:
        """References of remontées named in the mail, those of the subject first."""
        return list(dict.fromkeys([*REFERENCE.findall(self.objet), *REFERENCE.findall(self.tout)]))


def cle_de(octets: bytes) -> uuid.UUID:
    """Return a key from the Message-ID, or from a hash of all bytes when there is none."""
    numero = _entete(message_from_bytes(octets[:200_000]), "Message-ID").strip()
    return uuid.uuid5(ESPACE_DES_CLES, numero or hashlib.sha256(octets).hexdigest())


def lire(octets: bytes) -> Lu:
    message = message_from_bytes(octets)
    objet = _entete(message, "Subject")
    nom, adresse = parseaddr(_entete(message, "From"))
    texte, html, pieces = _parties(message)
    entier = _nettoyer(texte) or texte_du_html(html)
    entier = entier[:TEXTE_MAX]
    dit, cite = separer(entier)
    transfere = bool(re.match(r"(?:tr|fwd?|wg|i|rv)\s*:", objet.strip(), re.IGNORECASE))
    return Lu(
        numero=_entete(message, "Message-ID").strip()[:255],
        cites=tuple(
            IDENTIFIANT.findall(f"{_entete(message, 'In-Reply-To')} {_entete(message, 'References')}")
        ),
        nom=_nettoyer(nom)[:120],
        adresse=adresse.strip().lower()[:254] if "@" in adresse else "",
        objet=" ".join(_nettoyer(objet).split())[:255],
        dit=entier if transfere else dit,
        cite="" if transfere else cite,
        tout=f"{objet}\n{entier}",
        sorte=sorte_de(message, objet),
        le=_date(message),
        pieces=tuple(pieces[:PIECES_MAX]),
        est_usurpe=est_usurpe(message),
    )


def est_usurpe(message: Message) -> bool:
    """Whether DMARC failed (RFC 8601, RFC 7489).

    Reads only the first Authentication-Results header, which our server adds above any forged one.
    """
    dits = message.get_all("Authentication-Results") or [""]
    return bool(USURPE.search(" ".join(str(dits[0]).split())))


def sorte_de(message: Message, objet: str = "") -> Sorte:
    """Return the kind of sender: RFC 3464 (bounce), RFC 8098 (receipt), RFC 3834 (automatic reply)."""
    rapport = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() == "multipart/report":
        return Sorte.ACCUSE if rapport == "disposition-notification" else Sorte.REBOND
    auto = _entete(message, "Auto-Submitted").strip().lower()
    if auto and not auto.startswith("no"):
        return Sorte.AUTOMATIQUE
    if _entete(message, "Precedence").strip().lower() in {"bulk", "junk", "auto_reply", "list"}:
        return Sorte.AUTOMATIQUE
    if any(message.get(nom) for nom in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id")):
        return Sorte.AUTOMATIQUE
    expediteur = parseaddr(_entete(message, "From"))[1].lower()
    if (message.get("Return-Path") is not None and _entete(message, "Return-Path").strip() == "<>") or (
        expediteur.partition("@")[0] in {"mailer-daemon", "postmaster"}
    ):
        return Sorte.AUTOMATIQUE
    return Sorte.AUTOMATIQUE if MACHINES.match(objet.strip()) else Sorte.PERSONNE


def adresses_de(message: bytes, *entetes: str) -> set[str]:
    lu = message_from_bytes(message[:200_000])
    return {a.lower() for _, a in getaddresses([_entete(lu, nom) for nom in entetes]) if a}


def separer(texte: str) -> tuple[str, str]:
    """Return (own text, quoted text). When the own text would be empty, everything is own text."""
    coupe = CITATIONS.search(texte)
    dit = texte[: coupe.start()] if coupe else texte
    try:
        dit = EmailReplyParser(languages=LANGUES).read(dit).latest_reply or dit
    except Exception:  # hostile text may raise anything in the library
        dit = str(dit)
    lignes = [ligne for ligne in dit.splitlines() if not ligne.lstrip().startswith(">")]
    dit = "\n".join(lignes).strip()
    if not dit:
        return texte.strip(), ""
    debut = texte.find(dit)
    return dit, texte[debut + len(dit) :].strip() if debut >= 0 else ""


def est_un_simple_merci(texte: str) -> bool:
    """Whether the text only says thanks (« Merci beaucoup », « Bien reçu »): nothing to reopen."""
    lignes = [ligne.strip() for ligne in texte.strip().splitlines() if ligne.strip()]
    lignes = [ligne for ligne in lignes if not FORMULE.fullmatch(ligne)]
    if not lignes or len(" ".join(lignes)) > 160 or "mais" in " ".join(lignes).lower().split():
        return False
    return bool(MERCI.fullmatch(lignes[0])) and len(lignes) <= 3


def texte_du_html(html: str) -> str:
    lecteur = _Texte()
    try:
        lecteur.feed(html)
        lecteur.close()
    except Exception:  # hostile markup
        return ""
    return _nettoyer("".join(lecteur.morceaux))


class _Texte(HTMLParser):
    """Text of an HTML page: one line per block; quoted lines begin with « > »."""

    BLOCS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "hr"})
    TUS = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.morceaux: list[str] = []
        self.tu = self.cite = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.TUS:
            self.tu += 1
        if tag == "blockquote":
            self.cite += 1
        if tag in self.BLOCS:
            self._ligne()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.TUS:
            self.tu = max(0, self.tu - 1)
        if tag == "blockquote":
            self.cite = max(0, self.cite - 1)
        if tag in self.BLOCS and tag != "br":
            self._ligne()

    def handle_data(self, data: str) -> None:
        if not self.tu and data.strip():
            self.morceaux.append(re.sub(r"\s+", " ", data))

    def _ligne(self) -> None:
        if not self.tu:
            self.morceaux.append("\n> " if self.cite else "\n")


def _parties(message: Message) -> tuple[str, str, list[Piece]]:
    textes: list[str] = []
    html = ""
    pieces: list[Piece] = []
    for partie in message.walk():
        type_mime = partie.get_content_type()
        if partie.is_multipart():
            continue
        nom = _decoder(str(partie.get_filename() or ""))
        jointe = partie.get_content_disposition() == "attachment" or bool(nom)
        if type_mime == "text/plain" and not jointe:
            textes.append(_texte(partie))
        elif type_mime == "text/html" and not jointe:
            html = html or _texte(partie)
        elif jointe:
            octets = partie.get_payload(decode=True)
            if isinstance(octets, bytes) and octets:
                pieces.append(Piece(_nettoyer(nom)[:150] or "piece", type_mime, octets))
    return "\n".join(textes), html, pieces


def _texte(partie: Message) -> str:
    octets = partie.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    return decoder(octets, str(partie.get_content_charset() or ""))


def decoder(octets: bytes, dit: str = "") -> str:
    """Decode bytes with the declared charset, then UTF-8, cp1252 and latin-1, which accepts any byte."""
    for encodage in (dit, "utf-8", "cp1252"):
        try:
            if encodage:
                return octets.decode(encodage)
        except (LookupError, UnicodeError, ValueError):
            continue
    return octets.decode("latin-1")


def _entete(message: Message, nom: str) -> str:
    try:
        brut = message.get(nom)
    except Exception:  # hostile headers
        return ""
    return _decoder(str(brut)) if brut is not None else ""


def _decoder(brut: str) -> str:
    try:
        morceaux = decode_header(brut)
    except Exception:  # truncated encoded word
        morceaux = [(brut, None)]
    lus = []
    for morceau, encodage in morceaux:
        octets = morceau if isinstance(morceau, bytes) else morceau.encode("utf-8", "surrogateescape")
        lus.append(decoder(octets, encodage if encodage and encodage != "unknown-8bit" else ""))
    return "".join(lus).replace("\r", "").replace("\n", "")


def _date(message: Message) -> datetime | None:
    try:
        le = parsedate_to_datetime(_entete(message, "Date"))
    except (ValueError, TypeError, OverflowError):
        return None
    return le if le.tzinfo else le.replace(tzinfo=UTC)


def _nettoyer(texte: str) -> str:
    texte = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").replace("\u00a0", " ")
    texte = "".join(c for c in texte if c in "\n\t" or c >= " ")
    # PostgreSQL refuses lone surrogates.
    texte = texte.encode("utf-8", "ignore").decode()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(ligne.rstrip() for ligne in texte.split("\n"))).strip()
