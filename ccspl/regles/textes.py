"""The text of an avis: its paragraphs, and the hash of the whole. Pure: strings in, data out."""

import hashlib
import re
from collections.abc import Sequence

PARAGRAPHES = re.compile(r"\n[ \t]*\n\s*")


def en_paragraphes(texte: str) -> list[str]:
    """The paragraphs of a text typed or pasted: an empty line parts them."""
    return [p.strip() for p in PARAGRAPHES.split(texte.replace("\r\n", "\n")) if p.strip()]


def empreinte(paragraphes: Sequence[str], preconisations: Sequence[str] = ()) -> str:
    """SHA-256 of the text in UTF-8: paragraphs then numbered préconisations, an empty line between two."""
    lignes = [*paragraphes, *(f"{n}. {texte}" for n, texte in enumerate(preconisations, start=1))]
    return hashlib.sha256("\n\n".join(lignes).encode()).hexdigest()
