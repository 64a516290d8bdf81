"""What an SMS may hold: a number that receives it, plain characters, and how many messages the operator counts."""

import re

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

PAYS = "FR"
# ETSI TS 123 038: the alphabet of seven bits, then the signs that take two places in it.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLES = frozenset("^{}\\[~]|€\f")
# Places of a message alone, and of each of several (the others number them).
SEPT_BITS, UCS2 = (160, 153), (70, 67)
# Signs of the printer's, that a phone writes otherwise; the letters stay as they are.
TYPOGRAPHIE = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "«": '"',
        "»": '"',
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
        "\u00a0": " ",
        "\u202f": " ",
    }
)
ESPACES_DES_GUILLEMETS = re.compile(r"(«)\s+|(?<!\s)\s+(»)")
MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def numero_sms(telephone: str) -> str:
    """The first mobile number of what was typed, as E.164 (« +33612345678 »); empty when none receives an SMS."""
    for trouve in PhoneNumberMatcher(telephone, PAYS, leniency=Leniency.VALID):
        if phonenumbers.number_type(trouve.number) in MOBILES:
            return phonenumbers.format_number(trouve.number, PhoneNumberFormat.E164)
    return ""


def simplifier(texte: str) -> str:
    """On one line, in the signs of a phone's keyboard."""
    colle = ESPACES_DES_GUILLEMETS.sub(lambda trouve: trouve[1] or trouve[2], texte)
    return " ".join(colle.translate(TYPOGRAPHIE).split())


def abreger(texte: str, places: int) -> str:
    """The beginning, cut between two words: at most `places` signs, the three dots included."""
    texte = simplifier(texte)
    if len(texte) <= places:
        return texte
    debut = texte[: places - 3]
    return f"{debut[: debut.rfind(' ')] if ' ' in debut else debut}..."


def couteux(texte: str) -> str:
    """The letters that make each message hold seventy signs instead of a hundred and sixty, once each, in order."""
    return "".join(dict.fromkeys(lettre for lettre in texte if lettre not in GSM7 | GSM7_DOUBLES))


def messages_comptes(texte: str) -> int:
    """How many messages the operator counts; no sign of two places is cut in two."""
    if couteux(texte):
        (seul, chacun), tailles = UCS2, [2 if ord(lettre) > 0xFFFF else 1 for lettre in texte]
    else:
        (seul, chacun), tailles = SEPT_BITS, [2 if lettre in GSM7_DOUBLES else 1 for lettre in texte]
    if sum(tailles) <= seul:
        return 1
    messages, pris = 1, 0
    for taille in tailles:
        if pris + taille > chacun:
            messages, pris = messages + 1, 0
        pris += taille
    return messages
