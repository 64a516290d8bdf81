"""Detection of personal data in a text, to warn whoever will publish it or pass it on.

The text is never changed; the detection may miss some.
"""

import re

from participation.socle.francais import enumerer

TRACES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("un numéro de téléphone", re.compile(r"(?<!\d)(?:\+33[ .-]?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)")),
    ("une adresse de courriel", re.compile(r"(?<![^\s<(])[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[a-z]{2}")),
    ("une plaque d’immatriculation", re.compile(r"(?<!\w)[A-Z]{2}[ -]?\d{3}[ -]?[A-Z]{2}(?!\w)")),
    (
        "le nom d’une personne",
        re.compile(r"(?<!\w)(?:M\.|Mr|Mme|Mlle|[Mm]adame|[Mm]onsieur|[Jj]e m[’']appelle)[ \u00a0][A-ZÀ-Ý]\w"),
    ),
)


def dire_les_traces(texte: str) -> str:
    """Return « Ces mots semblent contenir un numéro de téléphone et … »; empty when nothing is found."""
    vues = [quoi for quoi, forme in TRACES if forme.search(texte)]
    return f"Ces mots semblent contenir {enumerer(vues)}." if vues else ""
