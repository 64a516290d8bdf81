"""Texts as people send them, without what no page, feed nor PDF can hold."""

import re

# Control characters (but tab and line ends) break XML; the invisible ones that turn the order of letters round
# make a title say what it does not.
INVISIBLES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def sans_controle(texte: str) -> str:
    return INVISIBLES.sub("", texte)
