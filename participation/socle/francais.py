"""French text from data: days, hours, plurals, lists, numbers.

Pure functions: a value in, plain text out, no markup. An aware instant is written in local time. No-break
spaces keep together what must not be cut at the end of a line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sized
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone

INSECABLE = "\u00a0"

MOIS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
MOIS_COURTS = [
    "janv.",
    "févr.",
    "mars",
    "avril",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
]
JOURS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
EN_LETTRES = ["zéro", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]

# Whether « h » or « y » is elided is not told by spelling: the mute ones that the service meets are listed.
ELIDES = "aàâæeéèêëiîïoôœuùûü"
H_MUETS = (
    "habit",
    "habilit",
    "heure",
    "histoire",
    "homme",
    "honneur",
    "honor",
    "hôpital",
    "hôtel",
    "huissier",
)
MUETS = (*H_MUETS, "hélène", "henri", "hervé", "hugo", "yves", "yvette", "yvonne")


# Days and hours


def en_local(valeur: date | datetime) -> date | datetime:
    """Return the instant in local time; a day, or an instant without time zone, is returned as it is."""
    if isinstance(valeur, datetime) and timezone.is_aware(valeur):
        return timezone.localtime(valeur)
    return valeur


def quantieme(valeur: date) -> str:
    """Return « 1er » or « 2 »."""
    return "1er" if valeur.day == 1 else str(valeur.day)


def jour_mois(valeur: date) -> str:
    """Return « 1er févr. », where the year is written elsewhere."""
    return f"{quantieme(valeur)}{INSECABLE}{MOIS_COURTS[valeur.month - 1]}"


def jour_texte(valeur: date | datetime | None, forme: str = "") -> str:
    """Return « 1er février 2027 »; "" without a day.

    ``forme``: « long » (lundi 1er février 2027), « court » (1er févr., with the year if it is not the current
    one), « chiffres » (01/02/2027).
    """
    if not valeur:
        return ""
    v = en_local(valeur)
    if forme == "chiffres":
        return f"{v:%d/%m/%Y}"
    if forme == "court":
        annee = "" if v.year == timezone.localdate().year else f" {v.year}"
        return f"{jour_mois(v)}{annee}"
    texte = f"{quantieme(v)}{INSECABLE}{MOIS[v.month - 1]} {v.year}"
    return f"{JOURS[v.weekday()]} {texte}" if forme == "long" else texte


def periode_texte(debut: date, fin: date) -> str:
    """Return « du 1er février 2027 au 3 mars 2027 », or « le 1er février 2027 » for one day."""
    if debut == fin:
        return f"le {jour_texte(debut)}"
    return f"du {jour_texte(debut)} au {jour_texte(fin)}"


def mois_texte(valeur: date | datetime | None) -> str:
    """Return « février 2027 »; "" without a value."""
    if not valeur:
        return ""
    v = en_local(valeur)
    return f"{MOIS[v.month - 1]} {v.year}"


def heure(valeur: datetime | time | None) -> str:
    """Return « 14 h 05 » or « 18 h »; "" for a value without an hour."""
    if valeur is None:
        return ""
    v = en_local(valeur) if isinstance(valeur, datetime) else valeur
    if not isinstance(v, datetime | time):
        return ""
    minutes = f"{INSECABLE}{v.minute:02d}" if v.minute else ""
    return f"{v.hour}{INSECABLE}h{minutes}"


def instant_texte(valeur: datetime | None, forme: str = "") -> str:
    """Return « 1er février 2027 à 18 h 30 ».

    ``forme``: as for `jour_texte`; « court » puts a comma before the hour.
    """
    if not valeur:
        return ""
    lien = ", " if forme == "court" else " à "
    return f"{jour_texte(valeur, forme)}{lien}{heure(valeur)}"


def dans(jours: int) -> str:
    """Return the days left in words: « dans 3 jours », « demain », « aujourd’hui », « 2 jours de retard »."""
    if jours == 0:
        return "aujourd’hui"
    if jours == 1:
        return "demain"
    combien = accorder(abs(jours), "jour", espace=INSECABLE)
    return f"{combien} de retard" if jours < 0 else f"dans {combien}"


def retard(limite: date | None) -> str:
    """Return « en retard de 12 jours », « en retard d’un jour » once the day is past, else ""."""
    jours = (timezone.localdate() - limite).days if limite is not None else 0
    if jours <= 0:
        return ""
    return "en retard d’un jour" if jours == 1 else f"en retard de {nombre(jours)}{INSECABLE}jours"


def au_plus_tard(limite: date | None) -> str:
    """Return « au plus tard le 3 mai 2027 », « aujourd’hui », or « en retard de 12 jours (c’était le 3 mai 2027) »."""
    if limite is None:
        return ""
    if passe := retard(limite):
        return f"{passe} (c’était le {jour_texte(limite)})"
    return "aujourd’hui" if limite == timezone.localdate() else f"au plus tard le {jour_texte(limite)}"


def duree(minutes: int) -> str:
    """Return « 45 min », « 2 h » or « 2 h 05 »."""
    heures, minutes = divmod(minutes, 60)
    if not heures:
        return f"{minutes}{INSECABLE}min"
    return f"{nombre(heures)}{INSECABLE}h" + (f"{INSECABLE}{minutes:02d}" if minutes else "")


# Numbers


def nombre(valeur: float | Decimal | None, decimales: int = 1) -> str:
    """Return a number as French writes it: « 1 284 », « 12,5 », « −3 »; « – » for a missing value.

    The space is U+00A0, because the fonts of the PDFs have no thin space.
    """
    if valeur is None:
        return "–"
    # Whole, and as it is: three hundred digits, which anybody may type, are more than a float holds.
    if isinstance(valeur, int):
        texte = f"{valeur:,}"
    else:
        texte = f"{valeur:,.{0 if float(valeur).is_integer() else decimales}f}"
    entiers, point, reste = texte.partition(".")
    texte = entiers.replace(",", INSECABLE) + ("," + reste if point else "")
    return "\u2212" + texte[1:] if texte.startswith("-") else texte


def montant(valeur: Decimal | None) -> str:
    """Return an amount: « 1 234,50 € », « 1 200 € »; « – » when missing.

    Cents are shown when there are any.
    """
    return "–" if valeur is None else f"{nombre(valeur, 2)}{INSECABLE}€"


def pourcentage(valeur: float | Decimal, decimales: int = 1) -> str:
    """Return « 42,5 % »."""
    return f"{nombre(valeur, decimales)}{INSECABLE}%"


def accorder_ou_taire(combien: int, plus_petit: int, mot: str) -> str:
    """Return « 12 personnes », « aucune personne », or « moins de 5 personnes »: a small number is not published."""
    if 0 < combien < plus_petit:
        return f"moins de {plus_petit} {mot}s"
    return accorder(combien, mot, aucun="aucune")


def ordinal(rang: int, *, feminin: bool = False) -> str:
    """Return « 1er », « 1re », « 2e », « 1 285e »."""
    premier = "re" if feminin else "er"
    return f"{nombre(rang)}{premier if rang == 1 else 'e'}"


# Words


def pluriel(valeur: object, formes: str = "s") -> str:
    """Return the plural ending for a number or the size of a collection: « s » from 2 on.

    French rule: 0 and 1,5 are singular. ``formes``: another ending (« x »), or both endings (« al,aux »).
    """
    taille = len(valeur) if isinstance(valeur, Sized) else valeur
    combien = abs(float(taille)) if isinstance(taille, int | float | Decimal) else 0
    singulier, virgule, plusieurs = formes.partition(",")
    if not virgule:
        singulier, plusieurs = "", formes
    return plusieurs if combien >= 2 else singulier


def accorder(combien: float, un: str, plusieurs: str = "", *, aucun: str = "", espace: str = " ") -> str:
    """Return a number with its words: « 1 personne relancée », « 2 personnes relancées ».

    Each word takes an « s », unless `plusieurs` is given. `aucun`: word used for 0, « aucune personne ».
    """
    if aucun and not combien:
        return f"{aucun}{espace}{un}"
    forme = un
    if pluriel(combien):
        forme = plusieurs or " ".join(mot if mot[-1] in "sxz" else f"{mot}s" for mot in un.split(" "))
    return f"{nombre(combien)}{espace}{forme}"


def enumerer(mots: Iterable[object], lien: str = "et") -> str:
    """Return « a », « a et b » or « a, b et c »."""
    *premiers, dernier = [str(mot) for mot in mots] or [""]
    return f"{', '.join(premiers)} {lien} {dernier}" if premiers else dernier


APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
# Thousands of spaces are read once only: a run starts at its first space (++ and the look-behind).
AVANT = re.compile(r"(?<![ \u202f])[ \u202f]++(?=[:;!?»%€])")
APRES = re.compile(r"«[ \u202f]*+(?=[^\s\u00a0])")
# « 12 000 » typed with plain spaces: the first digits, then groups of three.
MILLIERS = re.compile(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?!\d)")
# « 3 rue Malakoff » and « 12 bis, avenue de la Gare » stay on one line.
VOIES = "rue|avenue|place|boulevard|chemin|allée|impasse|quai|cours|route|square|passage|montée"
COMPTES = "euros?|jours?|ans|mois|heures?|minutes?|h|signatures?|communes?|habitants?|voix|membres?"
DE_COMPTE = re.compile(rf"(?:(?<=\d)|(?<=\b1er)) (?=(?:{'|'.join(MOIS)}|{COMPTES})\b)")
DE_VOIE = re.compile(rf"\d(?: (?:bis|ter|quater))?,? (?=(?:{VOIES})\b)", re.IGNORECASE)


# « 38130 Échirolles » and « n° 12 » stay on one line too.
TENUS = re.compile(r"(?<=\b\d{5}) (?=[A-ZÀ-ÖØ-Þ])|(?<=\bn°) (?=\w)")


# « Réparer la place « Mistral » »: a quotation inside a quotation takes “ ”, within one paragraph.
DANS_LA_PHRASE = r"(?:[^«»\n]|\n(?!\n))*+"
IMBRIQUEE = re.compile(rf"(?<=«){DANS_LA_PHRASE}(?:«{DANS_LA_PHRASE}»{DANS_LA_PHRASE})++(?=»)")
OUVRANT = re.compile(rf"«[ {INSECABLE}]*+")
FERMANT = re.compile(rf"(?<![ {INSECABLE}])[ {INSECABLE}]*+»")


COURT = 120  # labels, which each page says again


def espacer(texte: str) -> str:
    """Return the text with French spacing.

    U+00A0 before « : ; ! ? » % € », after «, in « 12 000 », between a number and what it counts, its street or
    « n° »; curly apostrophes; “ ” inside « ».
    """
    return _espacer_court(texte) if len(texte) <= COURT else _espacer(texte)


def _espacer(texte: str) -> str:
    sur = MILLIERS.sub(lambda groupes: groupes[0].replace(" ", INSECABLE), texte)
    sur = AVANT.sub(INSECABLE, APOSTROPHE.sub("’", sur))
    sur = DE_VOIE.sub(lambda debut: debut[0].replace(" ", INSECABLE), TENUS.sub(INSECABLE, sur))
    sur = DE_COMPTE.sub(INSECABLE, APRES.sub(f"«{INSECABLE}", sur))
    return IMBRIQUEE.sub(_en_second, sur) if sur.count("«") > 1 else sur


_espacer_court = lru_cache(2000)(_espacer)


def _en_second(citation: re.Match[str]) -> str:
    return FERMANT.sub("”", OUVRANT.sub("“", citation[0]))


def ponctuer(texte: object) -> str:
    """Return a title or a label as a sentence: a full stop ends it, unless it ends by itself (« Où dormir ? »)."""
    dit = str(texte).rstrip()
    return dit if dit.endswith((".", "!", "?", "…")) else f"{dit}."


def majuscule(mots: object) -> str:
    """Return the text with a capital first letter; the rest is unchanged (« Avis de la CCSPL »)."""
    texte = str(mots)
    return texte[:1].upper() + texte[1:]


def minuscule(mots: object) -> str:
    """Return the text with a small first letter, to continue a sentence after a colon."""
    texte = str(mots)
    return texte[:1].lower() + texte[1:]


def a_qui(nom: object) -> str:
    """Return « à » and the name: « à Paul », « au bureau », « aux élus », « à la direction »."""
    mots = str(nom)
    for article, contracte in (("le ", "au "), ("les ", "aux ")):
        if mots.startswith(article):
            return contracte + mots.removeprefix(article)
    return f"à {mots}"


def de(nom: object) -> str:
    """Return « de » and the name: « de Paul », « d’Odile », « du conseil », « des affaires », « de l’eau »."""
    mots = str(nom)
    for article, contracte in (("le ", "du "), ("les ", "des ")):
        if mots.startswith(article):
            return contracte + mots.removeprefix(article)
    debut = mots.lower()
    return f"d’{mots}" if debut.startswith((*ELIDES, *MUETS)) else f"de {mots}"


# First words of the names of bodies, by their article. Another name is left as it is: it may be that of a person.
ARTICLES = {
    "l’": {"agence", "agora", "assemblée", "association", "état", "office", "union"},
    "la ": {"caisse", "chambre", "commission", "commune", "convention", "fédération", "fondation", "ligue"}
    | {"mairie", "maison", "mission", "région", "table", "ville"},
    "le ": {
        "centre",
        "club",
        "collectif",
        "comité",
        "conseil",
        "département",
        "groupe",
        "service",
        "syndicat",
    },
}


def avec_article(nom: object) -> str:
    """Return the name of a body inside a sentence: « la Ville de Val-Perdu », « l’État », « le Département »."""
    mots = str(nom)
    premier = re.split(r"[\s,]", mots, maxsplit=1)[0].lower()
    return next((article for article, noms in ARTICLES.items() if premier in noms), "") + mots


def sans_accent(texte: str) -> str:
    """Lower case without accents: a French sort key, because the database uses the C locale."""
    decompose = unicodedata.normalize("NFKD", texte.replace("Œ", "Oe").replace("œ", "oe").lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))


def lieu(nom: object) -> str:
    """Return the name of a place inside a sentence: « le Gua », « Échirolles ».

    An article that contracts with « de » and « à » takes a small letter. Not for people.
    """
    debut, espace, reste = str(nom).partition(" ")
    return f"{debut.lower()} {reste}" if espace and debut in {"Le", "Les"} else str(nom)


def nom_simple(texte: object, maximum: int = 40) -> str:
    """Return the text if it looks like a name (letters, spaces, hyphens, apostrophes), else "".

    Used in letters to an address that nobody has proved: they must not carry what a stranger typed.
    """
    mots = " ".join(str(texte).split())
    ecrit = all(c.isalpha() or c in " -’'" for c in unicodedata.normalize("NFC", mots))
    return mots if ecrit and len(mots) <= maximum and mots.count(" ") < 4 else ""


def apres_bonjour(prenom: object) -> str:
    """Return what follows « Bonjour »: « Alma » after a space, or ""."""
    simple = nom_simple(prenom, 30)
    return f" {simple}" if simple else ""
