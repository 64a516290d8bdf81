"""Texts as people send them, without what no page, feed nor PDF can hold."""

import re
from typing import Any

# Control characters (but tab and line ends) break XML; the invisible ones that turn the order of letters round
# make a title say what it does not.
INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
PHRASE_MIN = 20


def sans_controle(texte: str) -> str:
    return INVISIBLES.sub("", texte)


def phrases(requete: Any) -> list[str]:
    """What somebody wrote in a form sent from a page: what has words, not keys nor choices. To be given back when it is refused."""
    if requete.method != "POST" or "text/html" not in requete.headers.get("Accept", ""):
        return []
    textes = [str(valeur).strip() for valeur in requete.POST.values()]
    return [texte for texte in textes if len(texte) > PHRASE_MIN and " " in texte]
