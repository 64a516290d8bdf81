"""What a spreadsheet would run in a cell, instead of showing it."""

import unicodedata

# A spreadsheet runs a cell that begins so (OWASP: CSV injection).
FORMULES, COUPURES = "=+-@\N{MINUS SIGN}", "\t\r\n"
VIDES = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs without a drawing


def neutraliser(texte: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run.

    Its sign may be of another width (« ＝ »), and come after spaces or signs that are not seen.
    """
    for signe in texte:
        if signe in COUPURES or unicodedata.normalize("NFKC", signe)[:1] in FORMULES:
            return f"'{texte}"
        if not _est_invisible(signe):
            break
    return texte


def _est_invisible(signe: str) -> bool:
    return (
        signe.isspace()
        or not signe.isprintable()
        or signe in VIDES
        or unicodedata.category(signe).startswith("M")
    )
