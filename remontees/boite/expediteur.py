"""Who sent a mail: a person or a machine, and whether our mail server checked the address. No database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from participation.socle.regles.courriel_brut import entete, entetes


class Sorte(StrEnum):
    """Kind of sender, from the headers."""

    PERSONNE = "personne"
    AUTOMATIQUE = "automatique"
    REBOND = "rebond"
    ACCUSE = "accuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What our mail server found of the address. `preuve`: the check that passed, in words; empty: none."""

    preuve: str = ""
    est_usurpe: bool = False


AUTOMATIQUES = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "Feedback-ID",
)


EN_NOMBRE = frozenset({"bulk", "junk", "auto_reply", "list"})


SUJETS_AUTOMATIQUES = (
    "réponse automatique",
    "reponse automatique",
    "message d'absence",
    "absence du bureau",
    "absent du bureau",
    "absente du bureau",
    "automatic reply",
    "automatic-reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "out of office",
    "out of the office",
    "undeliverable",
    "undelivered mail",
    "mail delivery",
    "delivery status notification",
    "non remis",
    "échec de remise",
    "échec de la remise",
    "echec de remise",
    "echec de la remise",
)


SUJETS_D_ACCUSE = (
    "accusé de réception",
    "accuse de reception",
    "votre demande a bien été",
    "votre message a bien été",
    "nous avons bien reçu",
    "we have received",
    "we received your",
    "thank you for contacting",
    "merci de nous avoir contact",
)


SANS_REPONSE = ("noreply", "nepasrepondre", "nereponsepas", "donotreply", "pasdereponse")


# « [Ticket 1234] », « #48211 », « [SUP-4821] », « Demande n° 4821 ».
TICKET = re.compile(
    r"\[[^\[\]]{0,40}[0-9]{3,12}\]|#[0-9]{4,12}\b|"
    r"\b(?:ticket|tkt|case|incident|demande|request|requête)[ :#]{1,3}(?:id |n°|no |num[ée]ro )? ?[0-9]{3,12}\b",
    re.IGNORECASE,
)


NOS_REFERENCES = "REM-"


def sorte_de(message: Message, objet: str = "") -> Sorte:
    """Return the kind of sender: RFC 3464 (bounce), RFC 8098 (receipt), RFC 3834 (automatic reply)."""
    if message.get_content_type() == "multipart/report":
        rapport = str(message.get_param("report-type") or "").lower()
        return Sorte.ACCUSE if rapport == "disposition-notification" else Sorte.REBOND
    auto = entete(message, "Auto-Submitted").strip().lower()
    if auto and not auto.startswith("no"):
        return Sorte.AUTOMATIQUE
    if entete(message, "Precedence").strip().lower() in EN_NOMBRE:
        return Sorte.AUTOMATIQUE
    if any(message.get(nom) for nom in AUTOMATIQUES):
        return Sorte.AUTOMATIQUE
    if message.get("Return-Path") is not None and entete(message, "Return-Path").strip() == "<>":
        return Sorte.AUTOMATIQUE
    dit = " ".join(objet.lower().replace("’", "'").split())
    return Sorte.AUTOMATIQUE if dit.startswith(SUJETS_AUTOMATIQUES) else Sorte.PERSONNE


def vient_d_un_serveur(adresse: str) -> bool:
    return adresse.partition("@")[0] in {"mailer-daemon", "postmaster"}


def silence_pour(message: Message, adresse: str, objet: str) -> str:
    """Return why no receipt goes to this address, which a machine may read; empty when one may go."""
    if message.get("X-Auto-Response-Suppress"):
        return "le courriel demande qu’aucune réponse automatique ne lui soit faite"
    boite = "".join(c for c in adresse.partition("@")[0] if c.isalnum())
    if any(mot in boite for mot in SANS_REPONSE):
        return "l’adresse dit qu’elle ne lit pas de réponse"
    dit = " ".join(objet.lower().split())
    if any(sujet in dit for sujet in SUJETS_D_ACCUSE):
        return "l’objet est celui d’un accusé de réception"
    if NOS_REFERENCES not in objet and TICKET.search(objet):
        return "l’objet porte le numéro d’un logiciel d’assistance"
    return ""


def doute_sur(message: Message) -> str:
    """Return why an agent must look at the mail before it becomes anything; empty when nothing says so."""
    if entete(message, "X-Spam-Flag").strip().lower().startswith("yes"):
        return "Le serveur de courriel le dit indésirable (X-Spam-Flag)."
    if entete(message, "X-Spam-Status").strip().lower().startswith("yes"):
        return "Le serveur de courriel le dit indésirable (X-Spam-Status)."
    return ""


def verdict_sur(message: Message, adresse: str, serveurs: Iterable[str] = ()) -> Verdict:
    """Return what the checks of our mail server say (RFC 8601) of the domain of `adresse`.

    `serveurs`: the names (authserv-id) under which our server writes Authentication-Results; the first header
    under one of them counts, since our server adds its own above all others and removes those that bear its
    name. Without a name nothing is proved, but a failure of DMARC in the first header is believed.
    """
    noms = {nom.lower() for nom in serveurs}
    lus = [_lire(dit) for dit in entetes(message, "Authentication-Results")]
    notre = next((resultats for nom, resultats in lus if nom in noms), None) if noms else None
    cru = notre if noms else (lus[0][1] if lus else None)
    if cru is None:
        return Verdict()
    if any(methode == "dmarc" and resultat == "fail" for methode, resultat, _ in cru):
        return Verdict(est_usurpe=True)
    return Verdict(preuve=_preuve(cru, adresse.rpartition("@")[2])) if notre is not None else Verdict()


Resultats = list[tuple[str, str, dict[str, str]]]  # method, result, properties


def _preuve(resultats: Resultats, domaine: str) -> str:
    """Return the check that passed for this domain: DMARC, else DKIM, else SPF."""
    if not domaine:
        return ""
    passes: dict[str, str] = {}
    for methode, resultat, dits in resultats:
        if resultat != "pass":
            continue
        if methode == "dmarc" and dits.get("header.from", domaine) == domaine:
            passes["dmarc"] = "DMARC"
        elif methode == "dkim":
            signe = (dits.get("header.d") or dits.get("header.i", "")).rpartition("@")[2]
            if _repond_de(signe, domaine):
                passes["dkim"] = f"DKIM de {signe}"
        elif methode == "spf":
            envoye = dits.get("smtp.mailfrom", "").rpartition("@")[2]
            if _repond_de(envoye, domaine):
                passes["spf"] = f"SPF de {envoye}"
    return next((passes[methode] for methode in ("dmarc", "dkim", "spf") if methode in passes), "")


def _repond_de(autre: str, domaine: str) -> bool:
    """Whether this domain, or one above it, is the domain of the author."""
    return "." in autre and (autre == domaine or domaine.endswith(f".{autre}"))


def _lire(dit: str) -> tuple[str, Resultats]:
    """Read « authserv-id; dmarc=pass header.from=x; dkim=pass header.d=x »; one pass over the text."""
    nom, *autres = _nu(dit).lower().split(";")
    resultats: Resultats = []
    for autre in autres:
        mots = "=".join(bout.strip() for bout in autre.split("=")).split()
        methode, _, resultat = mots[0].partition("=") if mots else ("", "", "")
        if resultat:
            paires = (mot.partition("=") for mot in mots[1:])
            resultats.append(
                (methode.partition("/")[0], resultat, {cle: valeur for cle, _, valeur in paires})
            )
    return next(iter(nom.split()), ""), resultats


def _nu(texte: str) -> str:
    """Return the text without comments, and without what a quoted string holds to look like a result.

    The part of an address before its « @ » may be quoted: a sender chooses it, our server writes it down.
    """
    gardes: list[str] = []
    profondeur, cite, echappe = 0, False, False
    for c in texte:
        if echappe or (c == "\\" and (cite or profondeur)):
            echappe = not echappe
        elif c == '"' and not profondeur:
            cite = not cite
        elif cite:
            gardes.append(c if c.isalnum() or c in "@.-_" else "_")
        elif c == "(":
            profondeur += 1
        elif c == ")":
            profondeur = max(0, profondeur - 1)
        elif not profondeur:
            gardes.append(c)
    return "".join(gardes)
