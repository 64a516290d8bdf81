"""Differences between two texts, word by word. Pure: strings in, data out."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# Words (with their apostrophes and hyphens), runs of spaces, then each other sign alone.
MORCEAUX = re.compile(r"\w+(?:[’'\-]\w+)*[’']?|\s+|[^\w\s]")
# Words with the signs that touch them, and runs of spaces: fewer pieces, longer passages.
MOTS = re.compile(r"\s+|\S+")

# Above this, frequent pieces (spaces, « de », a repeated sign) are compared only with their neighbours
# (autojunk).
COMPARAISONS_MAX = 100_000

Operation = Literal["egal", "retire", "ajoute"]


class Difference(NamedTuple):
    operation: Operation
    mot: str


def comparer(avant: str, apres: str, morceaux: re.Pattern[str] = MOTS) -> list[Difference]:
    """Return the passages kept, removed and added, in reading order.

    Kept and removed passages joined give `avant`; kept and added ones give `apres`.
    """
    mots_avant, mots_apres = morceaux.findall(avant), morceaux.findall(apres)
    lues: list[Difference] = []
    couteux = _couteux(mots_avant, mots_apres)
    for genre, i1, i2, j1, j2 in SequenceMatcher(
        None, mots_avant, mots_apres, autojunk=couteux
    ).get_opcodes():
        if genre == "equal":
            lues.append(Difference("egal", "".join(mots_avant[i1:i2])))
            continue
        if i2 > i1:
            lues.append(Difference("retire", "".join(mots_avant[i1:i2])))
        if j2 > j1:
            lues.append(Difference("ajoute", "".join(mots_apres[j1:j2])))
    return lues


def _couteux(avant: list[str], apres: list[str]) -> bool:
    """Whether a full comparison is too slow: thousands of identical pieces would take seconds."""
    combien = Counter(apres)
    return sum(fois * combien[mot] for mot, fois in Counter(avant).items()) > COMPARAISONS_MAX


def differences(avant: str, apres: str) -> list[Difference]:
    """Compare with each sign apart, and join changed words that are side by side."""
    return _reunir(comparer(avant, apres, MORCEAUX))


def _reunir(lues: Sequence[Difference]) -> list[Difference]:
    """Join two changes separated by a single space: « <del>a b</del> », not three pieces."""
    reunies: list[Difference] = []
    retire = ajoute = ""
    for rang, (operation, mot) in enumerate(lues):
        entre = operation == "egal" and mot.isspace() and 0 < rang < len(lues) - 1
        if operation == "egal" and not (entre and "\n" not in mot):
            reunies += _vider(retire, ajoute)
            retire = ajoute = ""
            reunies.append(Difference("egal", mot))
            continue
        retire += mot if operation != "ajoute" else ""
        ajoute += mot if operation != "retire" else ""
    return reunies + _vider(retire, ajoute)


def _vider(retire: str, ajoute: str) -> list[Difference]:
    gardees: list[Difference] = []
    if retire == ajoute:
        return [Difference("egal", retire)] if retire else []
    if retire:
        gardees.append(Difference("retire", retire))
    if ajoute:
        gardees.append(Difference("ajoute", ajoute))
    return gardees


def comparer_textes(avant: Sequence[str], apres: Sequence[str]) -> list[list[Difference]]:
    """Compare two lists of paragraphs: one list of differences for each paragraph shown.

    In a changed passage, paragraphs are compared in order, the first with the first.
    """
    lignes: list[list[Difference]] = []
    for genre, i1, i2, j1, j2 in SequenceMatcher(
        None, list(avant), list(apres), autojunk=False
    ).get_opcodes():
        if genre == "equal":
            lignes += [[Difference("egal", p)] for p in avant[i1:i2]]
            continue
        communs = min(i2 - i1, j2 - j1)
        lignes += [differences(avant[i1 + n], apres[j1 + n]) for n in range(communs)]
        lignes += [[Difference("retire", p)] for p in avant[i1 + communs : i2]]
        lignes += [[Difference("ajoute", p)] for p in apres[j1 + communs : j2]]
    return lignes
