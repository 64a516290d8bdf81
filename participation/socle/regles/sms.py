"""Rules of SMS: mobile numbers, plain characters, and the number of messages that the operator counts."""

import re
import unicodedata
from collections.abc import Collection, Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

PAYS = "FR"
# ETSI TS 123 038: the 7-bit alphabet, then the characters that take two places in it.
GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_DOUBLES = frozenset("^{}\\[~]|€\f")
# Places in a single message, and in each of several (which need room to be numbered).
SEPT_BITS, UCS2 = (160, 153), (70, 67)
# Typographic characters, replaced by those of a phone; accented letters are kept.
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
ENTRE_CHIFFRES = r"[^\w@]{0,3}"  # between two of a number, as people write it
# « 6 », typed in French or in Arabic.
CHIFFRES = [f"[{n}{chr(0x660 + n)}{chr(0x6F0 + n)}]" for n in range(10)]
MOBILES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def mobiles(telephone: str) -> Iterator[tuple[str, str]]:
    """Yield (number in E.164, « +33612345678 », its country, « FR ») of the mobile numbers in what was typed."""
    for trouve in _trouves(telephone, Leniency.VALID):
        if phonenumbers.number_type(trouve.number) in MOBILES:
            pays = phonenumbers.region_code_for_number(trouve.number) or ""
            yield phonenumbers.format_number(trouve.number, PhoneNumberFormat.E164), pays


def numeros(telephone: str) -> Iterator[str]:
    """Yield, in E.164, the telephone numbers in what was typed, mobile or not, given to somebody or not yet."""
    for trouve in _trouves(telephone, Leniency.POSSIBLE):
        yield phonenumbers.format_number(trouve.number, PhoneNumberFormat.E164)


def est_un_numero(telephone: str) -> bool:
    """Whether what was typed holds a telephone number that exists, mobile or not."""
    return any(_trouves(telephone, Leniency.VALID))


def _trouves(telephone: str, precision: int) -> PhoneNumberMatcher:
    """Any space is one, and the marks of direction that an address book copies are nothing."""
    lisible = "".join(
        " " if signe.isspace() else signe for signe in telephone if unicodedata.category(signe) != "Cf"
    )
    return PhoneNumberMatcher(lisible, PAYS, leniency=precision)


def chiffres_du_numero(numero: str) -> str:
    """Return what follows the prefix of the country: « 612345678 » of « +33612345678 »."""
    return phonenumbers.national_significant_number(phonenumbers.parse(numero))


def motif_du_numero(numero: str) -> str:
    """Return the regular expression, for PostgreSQL, of a number in E.164 however it is written: « 06 12.34 », « +33 (0)6 12 »."""
    zero, pays = CHIFFRES[0], _chiffres(str(phonenumbers.parse(numero).country_code))
    debut = rf"(?:\+|{zero}{{2}})?{pays}{ENTRE_CHIFFRES}(?:{zero}{ENTRE_CHIFFRES})?|{zero}{ENTRE_CHIFFRES}"
    return rf"(?<![\d+])(?:{debut}){_chiffres(chiffres_du_numero(numero))}(?!\d)"


def _chiffres(suite: str) -> str:
    return ENTRE_CHIFFRES.join(CHIFFRES[int(chiffre)] for chiffre in suite)


def numero_sms(telephone: str, pays: Collection[str]) -> str:
    """Return the first mobile number of one of these countries, as E.164; "" without one."""
    return next((numero for numero, sien in mobiles(telephone) if sien in pays), "")


def indicatif_refuse(telephone: str, pays: Collection[str]) -> str:
    """Return the prefix (« +371 ») of a mobile number that no country of the list has; "" otherwise."""
    if numero_sms(telephone, pays):
        return ""
    premier = next((numero for numero, _ in mobiles(telephone)), "")
    return f"+{phonenumbers.parse(premier).country_code}" if premier else ""


def simplifier(texte: str) -> str:
    """Return the text on one line, with the characters of a phone."""
    colle = ESPACES_DES_GUILLEMETS.sub(lambda trouve: trouve[1] or trouve[2], texte)
    return " ".join(colle.translate(TYPOGRAPHIE).split())


def abreger(texte: str, places: int) -> str:
    """Return the beginning, cut between two words: `places` characters at most, the three dots included."""
    texte = simplifier(texte)
    if len(texte) <= places:
        return texte
    debut = texte[: places - 3]
    return f"{debut[: debut.rfind(' ')] if ' ' in debut else debut}..."


def couteux(texte: str) -> str:
    """Return the characters that reduce a message from 160 to 70 characters, once each, in order."""
    return "".join(dict.fromkeys(lettre for lettre in texte if lettre not in GSM7 | GSM7_DOUBLES))


def messages_comptes(texte: str) -> int:
    """Return the number of messages that the operator counts. A character of two places is never cut."""
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
