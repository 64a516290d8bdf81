"""Two versions of a text, word by word."""

import difflib
import re
from typing import Literal, NamedTuple

MOTS = re.compile(r"\s+|[^\s]+")


class Passage(NamedTuple):
    genre: Literal["egal", "retire", "ajoute"]
    texte: str


def comparer(avant: str, apres: str) -> list[Passage]:
    """Passages kept, taken out and added, in reading order; joined, those kept and added give `apres` back."""
    mots_avant, mots_apres = MOTS.findall(avant), MOTS.findall(apres)
    passages: list[Passage] = []
    comparaison = difflib.SequenceMatcher(None, mots_avant, mots_apres, autojunk=False)
    for genre, i1, i2, j1, j2 in comparaison.get_opcodes():
        if genre == "equal":
            passages.append(Passage("egal", "".join(mots_avant[i1:i2])))
            continue
        if i2 > i1:
            passages.append(Passage("retire", "".join(mots_avant[i1:i2])))
        if j2 > j1:
            passages.append(Passage("ajoute", "".join(mots_apres[j1:j2])))
    return passages
