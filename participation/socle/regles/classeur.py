"""A workbook read apart: `tableaux` runs this file as a process of its own, with a share of memory that it cannot pass.

Two cells far apart, in a file of one kilobyte, make any reader lay out the whole sheet between them; the library then stops its
process without a word that Python could catch. Rows come out as lines of JSON. Imports nothing of ours.
"""

import io
import json
import resource
import sys
from datetime import date, datetime
from typing import Any

MEMOIRE = 2 * 1024**3  # bytes
CELLULES_MAX = 20_000_000
ILLISIBLE, TROP_LOURD = 2, 3  # what the process ends with
# Beyond, a float no longer tells two whole numbers apart.
ENTIER_SUR = 2**53


def lire(octets: bytes) -> list[list[Any]]:
    """The first sheet that holds something."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(octets)) as classeur:
        for nom in classeur.sheet_names:
            lignes: list[list[Any]] = classeur.get_sheet_by_name(nom).to_python()
            if lignes:
                return lignes
    return []


def cellule(valeur: object) -> str:
    """As a person would write it: whole numbers without « .0 » nor exponent, days as ISO 8601."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, float) and valeur.is_integer() and abs(valeur) < ENTIER_SUR:
        return str(int(valeur))
    if isinstance(valeur, float):
        return f"{valeur:.10g}" if abs(valeur) < 10**12 else str(valeur)
    if isinstance(valeur, datetime) and valeur.time() == datetime.min.time():
        return valeur.date().isoformat()
    if isinstance(valeur, date):
        return valeur.isoformat()
    return str(valeur)


def principal() -> int:
    octets = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        lignes = lire(octets)
    except MemoryError:
        return TROP_LOURD
    except Exception:  # bytes made to hurt: whatever the library trips on
        return ILLISIBLE
    if lignes and len(lignes) * len(lignes[0]) > CELLULES_MAX:
        return TROP_LOURD
    for ligne in lignes:
        sys.stdout.write(json.dumps([cellule(valeur) for valeur in ligne]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
