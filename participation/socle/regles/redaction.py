"""Writing help: concrete defects of a French text that the public will read. Text in, marks out; never a score.

Each rule prefers to say nothing than to be wrong (`bench/redaction` measures it). Every step reads the text once: a long or hostile
text costs what its length says.
"""

import csv
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

DONNEES = Path(__file__).resolve().parent.parent / "donnees"
LISTES = {
    nom: mots.split()
    for nom, mots in tomllib.loads((DONNEES / "redaction.toml").read_text(encoding="utf-8")).items()
}
ABREGES = frozenset(LISTES["abreges"])
ELIDES = frozenset(LISTES["elides"])
ETRE = frozenset(LISTES["etre"])
FUTUR = frozenset(LISTES["futur"])
AVOIR = frozenset(LISTES["avoir"])
COURTS = frozenset(LISTES["courts"])
ENTRE = frozenset(LISTES["entre"])
DE_MOUVEMENT = tuple(LISTES["de_mouvement"])
ADJECTIFS = frozenset(LISTES["adjectifs"])
PAS_PARTICIPES = frozenset(LISTES["pas_participes"])
MODAUX = frozenset(LISTES["modaux"])
CIVILITES = frozenset(LISTES["civilites"])
QUI = frozenset(LISTES["qui"])
VERBES_NEGATIFS = frozenset(LISTES["verbes_negatifs"])
MANQUER = frozenset(LISTES["manquer"])
MOIS = frozenset(LISTES["mois"])
MARQUES_MAX = 60  # shown at once: who mends these sends the text again


class Genre(StrEnum):
    LONGUE = "Phrase longue"
    PASSIF = "Tournure passive"
    JARGON = "Mot difficile"
    SIGLE = "Sigle sans son sens"
    NEGATION = "Double négation"
    DATE = "Date sans année"


@dataclass(frozen=True, slots=True)
class Marque:
    """A defect: the characters it covers in the text, and what to write instead."""

    genre: Genre
    debut: int
    fin: int
    conseil: str


@dataclass(frozen=True, slots=True)
class Mot:
    texte: str  # as it is written
    bas: str  # in lower case
    debut: int
    fin: int


MOT = re.compile(r"[^\W_]+")
# A point, or a line that ends while the next begins as a sentence or as a line of a list.
FIN_DE_PHRASE = re.compile(
    r"(?<![.!?…])[.!?…]++(?=[\s»\"”)]|$)|\n\s*\n|\n(?=[ \t]*[-–•*\d«A-ZÀÂÇÉÈÊÎÔŒ])|[;:]\s*\n"
)
COLLE = re.compile(r"[ \t\u00a0\u202f’'\-\n]*")  # what may stand between the words of one expression


def relire(texte: str, *, mots_par_phrase: int) -> list[Marque]:
    """Return the defects of the text, in its order, the first MARQUES_MAX."""
    mots = [Mot(m[0], m[0].lower(), m.start(), m.end()) for m in MOT.finditer(texte)]
    marques: list[Marque] = []
    dits: set[str] = set()
    for phrase in _phrases(texte, mots):
        marques += _longue(phrase, mots_par_phrase)
        marques += _passif(phrase, texte)
        marques += (m for m in _jargon(phrase, texte) if not _deja(m.conseil, dits))  # once a text
        marques += _negation(phrase, texte)
        marques += _dates(phrase, texte)
    marques += _sigles(texte, mots)
    return sorted(marques, key=lambda m: (m.debut, m.fin))[:MARQUES_MAX]


def _deja(conseil: str, dits: set[str]) -> bool:
    est_dit = conseil in dits
    dits.add(conseil)
    return est_dit


def _phrases(texte: str, mots: Sequence[Mot]) -> Iterator[Sequence[Mot]]:
    debuts, depuis = [mot.debut for mot in mots], 0
    for fin in FIN_DE_PHRASE.finditer(texte):
        jusqu_a = bisect_right(debuts, fin.start())
        if jusqu_a == depuis:
            continue
        if fin[0] == "." and (mots[jusqu_a - 1].bas in ABREGES or len(mots[jusqu_a - 1].texte) == 1):
            continue
        yield mots[depuis:jusqu_a]
        depuis = jusqu_a
    if depuis < len(mots):
        yield mots[depuis:]


def _longue(phrase: Sequence[Mot], au_plus: int) -> Iterator[Marque]:
    combien = sum(mot.bas not in ELIDES for mot in phrase)
    if combien > au_plus:
        yield Marque(
            Genre.LONGUE,
            phrase[0].debut,
            phrase[-1].fin,
            f"{combien} mots : coupez-la en deux, une idée par phrase.",
        )


PARTICIPES = tuple(
    fin + genre + pluriel
    for fin in ("é", "i", "u", "is", "it", "int", "ert")
    for genre in ("", "e")
    for pluriel in ("", "s")
)


def _passif(phrase: Sequence[Mot], texte: str) -> Iterator[Marque]:
    for rang, mot in enumerate(phrase):
        if mot.bas == "été":
            avant = range(rang - 1, max(-1, rang - 4), -1)  # « n’ayant pas encore été »
            premier, sorte = next((ou for ou in avant if phrase[ou].bas not in ENTRE), -1), "a été"
            if premier < 0 or phrase[premier].bas not in AVOIR:
                continue
        elif mot.bas in ETRE:
            premier = rang
            sorte = "sera" if mot.bas in FUTUR or _suit_un_modal(phrase, rang, texte) else "est"
        else:
            continue
        if _est_pronominal(phrase, premier) or _dit_ce_qui(phrase, premier):
            continue
        trouve = _participe(phrase, rang + 1)
        if trouve is None or not _se_suivent(texte, phrase[premier : trouve + 1]):
            continue
        participe = phrase[trouve].bas
        par = _dit_par_qui(phrase, trouve, texte)
        # « est » and a participle is more often an état (« la piste est fermée ») than an act: only with who acts, or when the verb
        # tells an act and nothing else (« l’aide est versée »).
        if (
            par
            or sorte == "a été"
            or (sorte == "sera" and participe not in ADJECTIFS)
            or _nu(participe) in ACTES
        ):
            yield Marque(
                Genre.PASSIF,
                phrase[premier].debut,
                phrase[trouve].fin,
                "dites qui le fait : « le conseil décide » plutôt que « il est décidé »."
                if not par
                else "mettez qui agit en tête de la phrase.",
            )


def _suit_un_modal(phrase: Sequence[Mot], rang: int, texte: str) -> bool:
    """« ne pourra être traité », not « peut-être »."""
    return (
        rang > 0
        and phrase[rang].bas == "être"
        and phrase[rang - 1].bas in MODAUX
        and texte[phrase[rang - 1].fin : phrase[rang].debut].isspace()
    )


def _est_pronominal(phrase: Sequence[Mot], premier: int) -> bool:
    """« s’est réuni », « se sont prononcés », « nous sommes engagés » : no passive."""
    avant = phrase[premier - 1].bas if premier else ""
    if avant in {"s", "se"}:
        return True
    return avant in {"nous", "vous"} and premier > 1 and phrase[premier - 2].bas == avant


def _dit_ce_qui(phrase: Sequence[Mot], premier: int) -> bool:
    """« ce qui a été dit » : who said it does not matter."""
    return premier > 1 and (phrase[premier - 2].bas, phrase[premier - 1].bas) == ("ce", "qui")


def _participe(phrase: Sequence[Mot], rang: int) -> int | None:
    for ou in range(rang, min(rang + 3, len(phrase))):
        mot = phrase[ou].bas
        if mot in ENTRE or mot.endswith("ment"):
            continue
        long = mot.endswith(PARTICIPES) and len(mot) > 3 and _nu(mot) not in DE_MOUVEMENT
        return ou if (long and mot not in PAS_PARTICIPES) or mot in COURTS else None
    return None


def _nu(participe: str) -> str:
    return participe.removesuffix("s").removesuffix("e")


ACTES = frozenset(map(_nu, LISTES["actes"]))


def _dit_par_qui(phrase: Sequence[Mot], participe: int, texte: str) -> bool:
    """Whether « par » and who acts follow: « par la commune », not « par courriel », « par an »."""
    for ou in range(participe + 1, min(participe + 5, len(phrase) - 1)):
        if "," in texte[phrase[ou - 1].fin : phrase[ou].debut]:
            return False
        if phrase[ou].bas == "par":
            suivant = phrase[ou + 1]
            return suivant.bas in QUI or suivant.texte[:1].isupper()
    return False


def _se_suivent(texte: str, mots: Sequence[Mot]) -> bool:
    return all(COLLE.fullmatch(texte, avant.fin, apres.debut) for avant, apres in pairwise(mots))


@dataclass(frozen=True, slots=True)
class Expression:
    mots: tuple[str, ...]  # a last word that ends with « * » stands for all that begin so
    conseil: str  # empty: a name (« taxe foncière »), to leave as it is


@cache
def expressions() -> tuple[dict[str, list[Expression]], list[Expression]]:
    """Return the difficult words of `mots_simples.csv`: by first word, longest first; those of one word cut short."""
    par_mot: dict[str, list[Expression]] = {}
    prefixes: list[Expression] = []
    with (DONNEES / "mots_simples.csv").open(encoding="utf-8", newline="") as ouvert:
        for ligne in csv.DictReader(ouvert, delimiter=";"):
            coupe = ligne["expression"].endswith("*")
            mots = [m[0].lower() for m in MOT.finditer(ligne["expression"])]
            if coupe:
                mots[-1] += "*"
            conseil = f"écrivez plutôt : {ligne['simple']}" if ligne["simple"] else ligne["conseil"]
            expression = Expression(tuple(mots), conseil and f"{conseil}.")
            if coupe and len(mots) == 1:
                prefixes.append(expression)
            else:
                par_mot.setdefault(mots[0], []).append(expression)
    for liste in par_mot.values():
        liste.sort(key=lambda e: -len(e.mots))
    return par_mot, prefixes


@cache
def _prefixes_par_longueur() -> dict[int, dict[str, Expression]]:
    rangees: dict[int, dict[str, Expression]] = {}
    for expression in expressions()[1]:
        racine = expression.mots[0].removesuffix("*")
        rangees.setdefault(len(racine), {})[racine] = expression
    return rangees


def _jargon(phrase: Sequence[Mot], texte: str) -> Iterator[Marque]:
    par_mot, _ = expressions()
    rang = 0
    while rang < len(phrase):
        pas = 1
        for expression in par_mot.get(phrase[rang].bas, ()):
            pris = phrase[rang : rang + len(expression.mots)]
            if (
                len(pris) == len(expression.mots)
                and all(_va(mot.bas, voulu) for mot, voulu in zip(pris, expression.mots, strict=True))
                and _se_suivent(texte, pris)
            ):
                pas = len(pris)
                if expression.conseil:
                    yield Marque(Genre.JARGON, pris[0].debut, pris[-1].fin, expression.conseil)
                break
        else:
            mot = phrase[rang]
            for longueur, racines in _prefixes_par_longueur().items():
                if (trouvee := racines.get(mot.bas[:longueur])) is not None:
                    yield Marque(Genre.JARGON, mot.debut, mot.fin, trouvee.conseil)
                    break
        rang += pas


def _va(mot: str, voulu: str) -> bool:
    return mot.startswith(voulu[:-1]) if voulu.endswith("*") else mot == voulu


ROMAINS = frozenset("IVXLCDM")
EXPLIQUE_APRES = re.compile(
    r"[ \u00a0]?\([^()\n]{6,120}\)|[ \u00a0]?[,:]? ?(?:c’est-à-dire|soit|qui veut dire)\b"
)


@cache
def sigles_connus() -> frozenset[str]:
    return frozenset((DONNEES / "sigles_connus.txt").read_text(encoding="utf-8").split())


def _sigles(texte: str, mots: Sequence[Mot]) -> Iterator[Marque]:
    vus: set[str] = set()
    capitales = [_est_un_sigle(mot.texte) for mot in mots]
    for rang, mot in enumerate(mots):
        if not capitales[rang] or mot.texte in vus:
            continue
        autour = mots[max(0, rang - 1) : rang + 2]
        if _dans_un_titre(autour, texte) or (rang and _appelle(mots[rang - 1], mot, texte)):
            continue
        vus.add(mot.texte)
        entre_parentheses = texte[mot.debut - 1 : mot.debut] == "(" and texte[mot.fin : mot.fin + 1] == ")"
        dans_une_reference = texte[mot.fin : mot.fin + 1] in {"-", "_", "/", "@"} or (
            mot.debut > 0 and texte[mot.debut - 1] in "-_/@.#"
        )
        if not (entre_parentheses or dans_une_reference or EXPLIQUE_APRES.match(texte, mot.fin)):
            yield Marque(
                Genre.SIGLE,
                mot.debut,
                mot.fin,
                f"écrivez ce qu’il veut dire la première fois, puis ({mot.texte}).",
            )


def _est_un_sigle(mot: str) -> bool:
    lettres = [c for c in mot if c.isalpha()]
    capitales = sum(map(str.isupper, lettres))
    return (
        2 <= len(mot) <= 7
        and len(lettres) >= 2
        and (mot.isupper() or (capitales >= 3 and len(lettres) == capitales + 1))  # « PLUi », « SCoT »
        and mot[0] not in "0123456789"
        and not ROMAINS.issuperset(mot)
        and mot not in sigles_connus()
    )


def _appelle(avant: Mot, mot: Mot, texte: str) -> bool:
    """Whether what stands before makes it a name (« Mme DUPONT ») or the end of a word (« Ad’AP »)."""
    colle = texte[avant.fin : mot.debut] in {"’", "'"}
    return avant.bas in CIVILITES if not colle else avant.bas not in ELIDES


def _dans_un_titre(autour: Sequence[Mot], texte: str) -> bool:
    """Whether two words in capitals follow each other: « AVIS DE TRAVAUX », not « CNI, RIB »."""
    return any(
        _crie(avant.texte) and _crie(apres.texte) and COLLE.fullmatch(texte, avant.fin, apres.debut)
        for avant, apres in pairwise(autour)
    )


def _crie(mot: str) -> bool:
    return len(mot) > 1 and mot.isupper() and mot.isalpha()


NE = frozenset({"ne", "n"})
NEGATIFS = re.compile(
    r"(?:impossible|inutile|incompatible|irréaliste|inacceptable|improbable|illégale?|illégitime|indifférente?|insensible|négligeable|"
    r"exclue?|interdite?|dépourvue?|dénuée?|irréversible|défavorable|insurmontable|inexacte?|injustifiée?|"
    r"inhabituel|inhabituelle|douteuse|impensable|inenvisageable|infondée?|rédhibitoire)s?$|douteux$"
)
PORTEE = 6  # words after « ne » that may belong to it


def _negation(phrase: Sequence[Mot], texte: str) -> Iterator[Marque]:
    fin = -1
    for rang, mot in enumerate(phrase):
        if mot.bas not in NE or rang <= fin:
            continue
        suite = phrase[rang + 1 : rang + 1 + PORTEE]
        pas = next(
            (ou for ou, m in enumerate(suite) if m.bas in {"pas", "jamais", "plus", "point", "saurait"}), None
        )
        if pas is None:
            continue
        seconde = _seconde_negation(suite, pas)
        if seconde is not None and _se_suivent(texte, suite[: seconde + 1]):
            fin = rang + 1 + seconde
            yield Marque(
                Genre.NEGATION,
                mot.debut,
                suite[seconde].fin,
                "dites-le sans nier deux fois : « c’est possible » plutôt que « ce n’est pas impossible ».",
            )


def _seconde_negation(suite: Sequence[Mot], pas: int) -> int | None:
    avant = suite[pas - 1].bas if pas else ""
    if avant in VERBES_NEGATIFS or (avant in MANQUER and _mot(suite, pas + 1) in {"de", "d"}):
        return pas
    if _mot(suite, pas + 1) in VERBES_NEGATIFS:
        return pas + 1  # « ne pas exclure »
    for ou in range(pas + 1, min(pas + 4, len(suite))):
        mot = suite[ou].bas
        if (mot == "sans" and suite[ou - 1].bas == "pas") or NEGATIFS.match(mot):
            return ou
        if mot == "non" and suite[ou + 1 : ou + 2] and suite[ou + 1].debut == suite[ou].fin + 1:
            return None if suite[ou + 1].bas in {"plus", "seulement"} else ou + 1  # « non-résident »
        if mot in {"que", "qu", "si", "mais", "et", "pour"}:
            return None
    return None


def _mot(suite: Sequence[Mot], rang: int) -> str:
    return suite[rang].bas if rang < len(suite) else ""


CHAQUE_ANNEE = frozenset(["chaque", "tous", "toutes"])
FERIES = frozenset(
    {
        ("1er", "mai"),
        ("8", "mai"),
        ("14", "juillet"),
        ("15", "août"),
        ("1er", "janvier"),
        ("11", "novembre"),
        ("8", "mars"),
    }
)


def _dates(phrase: Sequence[Mot], texte: str) -> Iterator[Marque]:
    if any(
        mot.bas in CHAQUE_ANNEE and _mot(phrase, rang + 1) in {"année", "ans", "an", "les"}
        for rang, mot in enumerate(phrase)
    ):
        return
    jours = [
        rang
        for rang, mot in enumerate(phrase[:-1])
        if (mot.bas == "1er" or (mot.bas.isdigit() and len(mot.bas) <= 2 and 1 <= int(mot.bas) <= 31))
        and phrase[rang + 1].bas in MOIS
    ]
    # « du 3 mars au 12 avril 2026 », « reportée du 3 mai au 5 juillet 2026 » : a year is that of the days said before it.
    dite, marques = False, []
    for rang in reversed(jours):
        dite = dite or _est_une_annee(_mot(phrase, rang + 2))
        if rang and phrase[rang - 1].bas in CHAQUE_ANNEE:
            continue  # « chaque 21 juin »
        if not dite and (phrase[rang].bas, phrase[rang + 1].bas) not in FERIES:
            marques.append(
                Marque(
                    Genre.DATE,
                    phrase[rang].debut,
                    phrase[rang + 1].fin,
                    "ajoutez l’année : la page se lit longtemps.",
                )
            )
    yield from reversed(marques)


def _est_une_annee(mot: str) -> bool:
    return len(mot) == 4 and mot.isdigit() and mot[0] in "12"
