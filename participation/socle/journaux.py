"""What the logs of the machine say: never an address of somebody, never a link that opens a door."""

import logging
import re

JETON = re.compile(
    r"(/(?:signature|repondre|nouvelles|rejoindre|co-petitionnaire|candidature|accuser|resume|presence/lien|agenda/moi)/)[^/\s?]+"
)
ADRESSE = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


def masquer(texte: str) -> str:
    return ADRESSE.sub("…@…", JETON.sub(r"\1…", texte))


class SansSecret(logging.Formatter):
    """Masks the line once it is made, traceback included: whatever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return masquer(super().format(record))
