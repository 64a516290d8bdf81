"""Text and font size of the A4 poster of a pétition, which must fit on one sheet."""

from textwrap import shorten

TITRE_COURT, TITRE_LONG, EXTRAIT = 60, 85, 420  # in lower-case letters, measured on the printed sheet


def mise_en_affiche(titre: str, demande: str) -> dict[str, str]:
    """Return the extract of the demand, cut between two words, and the font size with which it fits on one
    sheet."""
    if _place(titre) > TITRE_LONG:
        return {"extrait": _extrait(demande, EXTRAIT // 2), "taille": "serree"}
    extrait = _extrait(demande, EXTRAIT)
    est_courte = _place(titre) <= TITRE_COURT and _place(extrait) <= EXTRAIT // 2
    return {"extrait": extrait, "taille": "grande" if est_courte else "moyenne"}


def _place(texte: str) -> int:
    """Return the length of a text in lower-case letters: a capital counts for one and a half."""
    return len(texte) + sum(map(str.isupper, texte)) // 2


def _extrait(texte: str, places: int) -> str:
    return shorten(texte, places * len(texte) // max(_place(texte), 1), placeholder="\u00a0…")
