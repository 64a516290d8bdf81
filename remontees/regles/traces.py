"""What, in words, may lead to a person: told to who is about to pass them on or to publish them. It changes nothing, and may miss some."""

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
    """« Ces mots semblent contenir un numéro de téléphone et le nom d’une personne. »; empty when nothing is seen."""
    vues = [quoi for quoi, forme in TRACES if forme.search(texte)]
    return f"Ces mots semblent contenir {enumerer(vues)}." if vues else ""
