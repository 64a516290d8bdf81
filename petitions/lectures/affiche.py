"""What the A4 poster of a pétition says, and how large: a poster of two sheets is no poster."""

from textwrap import shorten

TITRE_COURT, TITRE_LONG, EXTRAIT = 60, 85, 420  # small letters, measured on the sheet


def mise_en_affiche(titre: str, demande: str) -> dict[str, str]:
    """What is asked, cut between two words, and the size of the letters that leaves all of it on one sheet."""
    if _place(titre) > TITRE_LONG:
        return {"extrait": _extrait(demande, EXTRAIT // 2), "taille": "serree"}
    extrait = _extrait(demande, EXTRAIT)
    est_courte = _place(titre) <= TITRE_COURT and _place(extrait) <= EXTRAIT // 2
    return {"extrait": extrait, "taille": "grande" if est_courte else "moyenne"}


def _place(texte: str) -> int:
    """In small letters: a capital is wider by half."""
    return len(texte) + sum(map(str.isupper, texte)) // 2


def _extrait(texte: str, places: int) -> str:
    return shorten(texte, places * len(texte) // max(_place(texte), 1), placeholder="\u00a0…")
