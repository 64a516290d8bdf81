"""Reading of a workbook in a separate process, run by `tableaux` with limited memory.

Two distant cells in a file of one kilobyte make any reader allocate the whole sheet between them; the library
then aborts its process without a Python exception. Rows are written as lines of JSON. Imports nothing of the
project.
"""

import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime
from typing import Any, TextIO

MEMOIRE = 2 * 1024**3  # bytes
CELLULES_MAX = 20_000_000
# Cells of a sheet, filled or not, beyond which it has no more of them than its file has bytes.
CREUSES_MAX = 4_000_000
# Bytes of JSON: a text kept once in the workbook may be shown by a million cells.
SORTIE_MAX = 200 * 1024**2
ILLISIBLE, TROP_LOURD, FORMULES = 2, 3, 4  # exit codes of the process
# A formula and no value: no spreadsheet has computed it. An empty text (t="str") is a value.
JAMAIS_CALCULEE = re.compile(
    rb"""<c\b(?![^<>]*\bt="str")[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"""
)
# Above this, a float cannot tell two whole numbers apart.
ENTIER_SUR = 2**53


def lire(octets: bytes, au_plus: int | None) -> list[list[Any]]:
    """Return the first rows of the first sheet that has any. Raises MemoryError for two cells too far apart."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_filelike(io.BytesIO(octets)) as classeur:
        for nom in classeur.sheet_names:
            feuille = classeur.get_sheet_by_name(nom)
            if feuille.total_height * feuille.total_width > max(CREUSES_MAX, _poids(octets)):
                raise MemoryError
            lignes: list[list[Any]] = feuille.to_python(nrows=au_plus)
            if lignes:
                return lignes
    return []


def _poids(octets: bytes) -> int:
    """Return the bytes of the workbook once unzipped."""
    if octets[:2] != b"PK":
        return len(octets)
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return sum(membre.file_size for membre in archive.infolist())


def a_des_formules_sans_valeur(octets: bytes) -> bool:
    """Whether a sheet of an XLSX holds a formula whose result is not in the file: it would read as an empty cell."""
    if octets[:2] != b"PK":
        return False
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        feuilles = [nom for nom in archive.namelist() if nom.startswith("xl/worksheets/")]
        return any(JAMAIS_CALCULEE.search(archive.read(nom)) for nom in feuilles)


def cellule(valeur: object) -> str:
    """Return a cell as a person would write it: whole numbers without « .0 » nor exponent, days in ISO 8601."""
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
    return str(valeur).replace("\x00", "")  # « _x0000_ » in a workbook; no column of the database takes it


def ecrire(lignes: list[list[Any]], sortie: TextIO) -> int:
    """Write the rows; return the exit code. Stops after SORTIE_MAX."""
    ecrits = 0
    for ligne in lignes:
        ecrits += sortie.write(json.dumps([cellule(valeur) for valeur in ligne]) + "\n")
        if ecrits > SORTIE_MAX:
            return TROP_LOURD
    return 0


def principal() -> int:
    octets = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        if a_des_formules_sans_valeur(octets):
            return FORMULES
        lignes = lire(octets, int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except MemoryError:
        return TROP_LOURD
    except Exception:  # malicious bytes: the library may raise anything
        return ILLISIBLE
    if lignes and len(lignes) * len(lignes[0]) > CELLULES_MAX:
        return TROP_LOURD
    return ecrire(lignes, sys.stdout)


if __name__ == "__main__":
    sys.exit(principal())
