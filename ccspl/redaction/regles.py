"""Text of an avis: paragraphs and hash."""

import hashlib
import re
from collections.abc import Sequence

PARAGRAPHES = re.compile(r"\n[ \t]*\n\s*")


def en_paragraphes(texte: str) -> list[str]:
    """Split a text into paragraphs, at empty lines."""
    return [p.strip() for p in PARAGRAPHES.split(texte.replace("\r\n", "\n")) if p.strip()]


def empreinte(paragraphes: Sequence[str], preconisations: Sequence[str] = ()) -> str:
    """Return the SHA-256 of the text in UTF-8: paragraphs, then numbered préconisations, separated by empty
    lines."""
    lignes = [*paragraphes, *(f"{n}. {texte}" for n, texte in enumerate(preconisations, start=1))]
    return hashlib.sha256("\n\n".join(lignes).encode()).hexdigest()
