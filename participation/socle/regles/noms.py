"""Names of accounts in the lines of a journal, which cannot be erased: a line keeps their place, never the name."""

import re
from collections.abc import Sequence

from participation.socle.francais import de

# Key of the details of a line: primary keys of the accounts whose places are marked in its texts.
NOMMES = "comptes"
REMPLACE = "remplace"  # the account whose place was taken


PLACE = re.compile(r"(de |d’)?⟨(\d{1,3})⟩")


def oter_les_noms(textes: Sequence[str], noms: Sequence[str]) -> Sequence[str]:
    """Replace each full name by its place among `noms`, the longest first. A first name alone is left."""
    for rang, nom in sorted(enumerate(noms, 1), key=lambda range_: -len(range_[1])):
        if " " in nom:
            textes = [texte.replace(nom, f"⟨{rang}⟩") for texte in textes]
    return textes


def remettre_les_noms(texte: str, noms: Sequence[str]) -> str:
    """Write the names at their places, elided as each asks. What only looks like a place is left."""

    def un(place: re.Match[str]) -> str:
        rang = int(place[2])
        if not 0 < rang <= len(noms):
            return place[0]
        return de(noms[rang - 1]) if place[1] else noms[rang - 1]

    return PLACE.sub(un, texte) if noms else texte
