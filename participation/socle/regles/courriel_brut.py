"""A mail that came from outside, opened in bounded time and memory, or a reason why it is not. Bytes in.

The parser of Python compares each line with every open part, calls itself for each nested part, and reads the
parameters of a header in quadratic time: what it is given is counted first, and its headers are cut.
"""

import codecs
import re
import unicodedata
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from itertools import islice

OCTETS_MAX = 30 * 1024 * 1024
LIGNES_MAX = 1_000_000
PARTIES_MAX = 2_000  # lines that may open a part
EMBOITEES_MAX = 50  # parts that hold others, and so the depth
PASSES_MAX = 10_000_000  # lines, times the parts that may be open around each
ENTETE_MAX, MOT_ENCODE_MAX = 8_000, 2_000  # characters
PAROLES_MAX = 200
# The library strips what `str.isspace` says is a space, four separators of ASCII included.
EMBOITEES = re.compile(rb"content-type:[\s\x1c-\x1f]*(?:multipart|message)/", re.IGNORECASE)
# Decoders written in Python, of quadratic cost: no mail is written in them.
ENCODAGES_REFUSES = frozenset({"punycode", "idna"})
# What a mail server means, by its enhanced status (RFC 3463): subject, detail.
STATUT = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?![\d.])", re.ASCII)
DITS_DU_STATUT = {
    **dict.fromkeys(
        ["1.1", "1.2", "1.3", "1.6", "1.10", "2.1"],
        "D’après son serveur, cette adresse n’existe pas, ou plus.",
    ),
    "2.2": "D’après son serveur, la boîte est pleine : renvoyez la lettre dans quelques jours.",
    **dict.fromkeys(["2.3", "3.4"], "D’après son serveur, la lettre est trop lourde pour cette boîte."),
}
INDESIRABLE = "Son serveur tient nos lettres pour indésirables : dites-le à qui exploite le site."
ADRESSES_WEB = ("http:", "https:", "www.", "ftp:", "mailto:")


class Illisible(ValueError):
    """The mail cannot be read. The message is the reason, shown to agents."""


class _Bornee(Compat32):
    """The policy of old mails, with headers cut at ENTETE_MAX and given as they came, raw bytes included."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        nom, valeur = super().header_source_parse(sourcelines)
        return nom, valeur[:ENTETE_MAX]

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


def ouvrir(octets: bytes) -> Message:
    """Parse a mail. Raises Illisible, whatever the bytes."""
    if len(octets) > OCTETS_MAX:
        raise Illisible("Ce courriel est trop lourd.")
    lignes = octets.count(b"\n") + octets.count(b"\r")
    emboitees = sum(1 for _ in islice(EMBOITEES.finditer(octets), EMBOITEES_MAX + 1))
    if emboitees > EMBOITEES_MAX:
        raise Illisible(f"Ce courriel a plus de {EMBOITEES_MAX} parties emboîtées les unes dans les autres.")
    if octets.count(b"\n--") + octets.count(b"\r--") > PARTIES_MAX:
        raise Illisible(f"Ce courriel a plus de {PARTIES_MAX} parties.")
    if lignes > LIGNES_MAX or lignes * (1 + emboitees) > PASSES_MAX:
        raise Illisible("Ce courriel a trop de lignes.")
    try:
        return message_from_bytes(octets, policy=_Bornee())
    except Exception as erreur:  # the parser may raise anything on hostile bytes
        raise Illisible(f"La forme de ce courriel ne se lit pas ({type(erreur).__name__}).") from erreur


def entete(message: Message, nom: str) -> str:
    """Return a header, decoded as well as possible; empty without it."""
    brut = message.get(nom)
    return decoder_entete(str(brut)) if brut is not None else ""


def entetes(message: Message, nom: str, combien: int = 20) -> list[str]:
    """Return the first headers of this name, from the top."""
    return [decoder_entete(str(brut)) for brut in (message.get_all(nom) or [])[:combien]]


def decoder_entete(brut: str) -> str:
    """Decode the encoded words and raw bytes of a header; linear in what it looks at."""
    if "=?" in brut:
        brut = _finir(brut[:MOT_ENCODE_MAX])
    try:
        morceaux = decode_header(brut)
    except Exception:  # truncated encoded word
        morceaux = [(brut, None)]
    lus = []
    for morceau, encodage in morceaux:
        octets = morceau if isinstance(morceau, bytes) else morceau.encode("utf-8", "surrogateescape")
        lus.append(decoder(octets, encodage if encodage and encodage != "unknown-8bit" else ""))
    return "".join(lus).replace("\r", "").replace("\n", "")


def _finir(brut: str) -> str:
    """Close the last encoded word of a header that was cut, less what cannot be decoded of its end."""
    avant, debut, dernier = brut.rpartition("=?")
    if not debut or "?=" in dernier or dernier.count("?") < 2:
        return brut
    encodage, forme, texte = dernier.split("?", 2)
    texte = texte.rstrip()
    if forme.lower() == "b":
        texte = texte[: len(texte) // 4 * 4]
    elif "=" in texte[-2:]:
        texte = texte[: texte.rindex("=")]
    return f"{avant}=?{encodage}?{forme}?{texte}?="


def decoder(octets: bytes, dit: str = "") -> str:
    """Decode bytes with the declared charset, then UTF-8, cp1252 and latin-1, which accepts any byte."""
    for encodage in (dit, "utf-8", "cp1252"):
        try:
            if encodage and codecs.lookup(encodage).name not in ENCODAGES_REFUSES:
                return octets.decode(encodage)
        except (LookupError, UnicodeError, ValueError):
            continue
    return octets.decode("latin-1")


def debut_lisible(octets: bytes) -> str:
    """Return the beginning of a mail as it came, to be shown when it cannot be read."""
    return nettoyer(decoder(octets[:1_200]))


def nettoyer(texte: str) -> str:
    """Return the text without control characters, ends of lines and lone surrogates; linear."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    texte = "".join(c for c in texte if c in "\n\t" or c >= " ")
    # PostgreSQL refuses lone surrogates.
    texte = texte.encode("utf-8", "ignore").decode()
    lignes: list[str] = []
    vides = 0
    for ligne in (brute.rstrip() for brute in texte.split("\n")):
        vides = 0 if ligne else vides + 1
        if vides < 2:
            lignes.append(ligne)
    return "\n".join(lignes).strip()


def paroles_du_serveur(dites: str) -> str:
    """Return the words of another server, to be quoted as its own: short, in one line, without a link.

    Anybody may have written them. Empty when nothing is left.
    """
    visibles = "".join(c if unicodedata.category(c)[0] in "LNPSZ" else " " for c in dites[:ENTETE_MAX])
    mots = [mot for mot in visibles.split() if not _mene_ailleurs(mot)]
    court = " ".join(mots)[: PAROLES_MAX + 1]
    return f"{court[:PAROLES_MAX].rstrip()}…" if len(court) > PAROLES_MAX else court


def _mene_ailleurs(mot: str) -> bool:
    nu = mot.lower()
    return "//" in nu or any(adresse in nu for adresse in ADRESSES_WEB)


def citer_le_serveur(dites: str, statut: str = "") -> str:
    """Return what the status of another server means, then its words, quoted; empty without words."""
    paroles = paroles_du_serveur(dites)
    if not paroles:
        return ""
    sens = _sens_du_statut(f"{statut} {paroles}")
    return f"{sens} Ce que le serveur d’en face a dit : « {paroles} »".lstrip()


def _sens_du_statut(dit: str) -> str:
    for sujet, detail in STATUT.findall(dit):
        sens = INDESIRABLE if sujet == "7" else DITS_DU_STATUT.get(f"{sujet}.{detail}", "")
        if sens:
            return sens
    return ""
