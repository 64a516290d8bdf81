"""A text and its translation, paragraph by paragraph: what is still true of it once the French has changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ENTRE_PARAGRAPHES = re.compile(r"\n\s*\n")
JUSTE, CHANGE, ABSENT = "juste", "change", "absent"


@dataclass(frozen=True, slots=True)
class PassageTraduit:
    """A paragraph as it was translated: the French read that day, its words, its pictogram (« facile à lire » only)."""

    francais: str
    texte: str
    signe: str = ""


@dataclass(frozen=True, slots=True)
class ParagrapheTraduit:
    """A paragraph of the French of today, and what its translation is worth: `juste`, `change` or `absent`."""

    francais: str
    texte: str
    etat: str
    signe: str = ""


def paragraphes(texte: str) -> list[str]:
    morceaux = ENTRE_PARAGRAPHES.split(texte.replace("\r\n", "\n"))
    return [morceau.strip() for morceau in morceaux if morceau.strip()]


def rapprocher(francais: Sequence[str], passages: Sequence[PassageTraduit]) -> list[ParagrapheTraduit]:
    """Return each paragraph of today with its translation. One whose French changed keeps the old one, marked."""
    lignes: list[ParagrapheTraduit] = []
    sources = [passage.francais for passage in passages]
    comparaison = SequenceMatcher(None, sources, list(francais), autojunk=False)
    for quoi, debut, fin, ici, la in comparaison.get_opcodes():
        anciens, nouveaux = list(passages[debut:fin]), francais[ici:la]
        if quoi == "equal":
            lignes += [
                ParagrapheTraduit(
                    p.francais, p.texte, JUSTE if p.texte else ABSENT, p.signe if p.texte else ""
                )
                for p in anciens
            ]
            continue
        for rang, nouveau in enumerate(nouveaux):
            # Paragraphs that became one keep all their words, on the last.
            siens = anciens[rang:] if rang == len(nouveaux) - 1 else anciens[rang : rang + 1]
            mots = "\n".join(ancien.texte for ancien in siens if ancien.texte)
            lignes.append(
                ParagrapheTraduit(nouveau, mots, CHANGE if mots else ABSENT, siens[0].signe if mots else "")
            )
    return lignes
