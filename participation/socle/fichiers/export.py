"""CSV and XLSX exports, written row by row, whose cells no spreadsheet runs as formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, zip_longest
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from django.utils import timezone

from participation.socle.regles.tableaux import neutraliser

Valeur = str | int | float | bool | Decimal | date | datetime | None


LIGNES_PAR_PAQUET = 500


# Column widths come from the first lines, so that the workbook is readable when opened.
LIGNES_MESUREES, LARGEUR_MAX = 200, 60


LIGNES_PAR_FEUILLE = 1_000_000  # a sheet holds 1 048 576


def texte(valeur: object) -> str:
    """Return the text of one cell.

    Days and instants in ISO 8601 (local time), booleans in French, an apostrophe before formulas. Numbers
    stay numbers, even negative.
    """
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int | float | Decimal):
        return str(valeur).replace(".", ",")
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).isoformat(sep=" ", timespec="seconds")[:19]
    if isinstance(valeur, date):
        return valeur.isoformat()
    return neutraliser(str(valeur))


def instant(valeur: object) -> object:
    """Return a cell of open data: an instant with its offset, for programs that do not know Paris time.

    A spreadsheet then reads it as text.
    """
    return (
        timezone.localtime(valeur).isoformat(timespec="seconds") if isinstance(valeur, datetime) else valeur
    )


class _Echo:
    """File object for csv.writer, whose `write` returns the line."""

    def write(self, ligne: str) -> str:
        return ligne


def csv_en_flux(entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """Yield a CSV for French spreadsheets (UTF-8 with BOM, semicolon, CRLF), a few hundred lines at a time."""
    plume = csv.writer(_Echo(), delimiter=";")
    paquet = ["\ufeff", plume.writerow([texte(entete) for entete in entetes])]
    for ligne in lignes:
        paquet.append(plume.writerow([texte(valeur) for valeur in ligne]))
        if len(paquet) >= LIGNES_PAR_PAQUET:
            yield "".join(paquet).encode()
            paquet = []
    yield "".join(paquet).encode()


def xlsx(entetes: Sequence[str], lignes: Iterable[Sequence[object]], titre: str = "Liste") -> IO[bytes]:
    """Return a workbook in a temporary file, at its start. Memory does not depend on the number of rows.

    Text is written as text: never as a formula, never as a link.
    """
    fichier = TemporaryFile()  # noqa: SIM115 closed by the answer that streams it
    classeur = xlsxwriter.Workbook(
        fichier,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    gras = classeur.add_format({"bold": True})
    jour = classeur.add_format({"num_format": "yyyy-mm-dd"})
    instant = classeur.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    feuille, rang = None, LIGNES_PAR_FEUILLE + 1
    lignes = iter(lignes)
    premieres = list(islice(lignes, LIGNES_MESUREES))
    largeurs = _largeurs([entetes, *premieres])
    for ligne in chain([entetes], premieres, lignes):
        if rang > LIGNES_PAR_FEUILLE:
            feuille, rang = classeur.add_worksheet(), 0
            feuille.freeze_panes(1, 0)
            for colonne, largeur in enumerate(largeurs):
                feuille.set_column(colonne, colonne, largeur)
            if ligne is not entetes:
                feuille.write_row(0, 0, entetes, gras)
                rang = 1
        assert feuille is not None  # noqa: S101 the first line opens the first sheet
        for colonne, valeur in enumerate(ligne):
            if isinstance(valeur, datetime):
                feuille.write_datetime(
                    rang, colonne, timezone.localtime(valeur).replace(tzinfo=None), instant
                )
            elif isinstance(valeur, date):
                feuille.write_datetime(rang, colonne, datetime(valeur.year, valeur.month, valeur.day), jour)
            elif isinstance(valeur, int | float | Decimal) and not isinstance(valeur, bool):
                feuille.write_number(rang, colonne, float(valeur) if isinstance(valeur, Decimal) else valeur)
            else:
                dit = valeur if isinstance(valeur, str) else texte(valeur)
                feuille.write_string(rang, colonne, dit[:32767], gras if rang == 0 else None)
        rang += 1
    classeur.set_properties({"title": titre})
    classeur.close()
    fichier.seek(0)
    return fichier


def _largeurs(lignes: Iterable[Sequence[object]]) -> list[int]:
    """Return the width of each column in characters: that of its first cells, LARGEUR_MAX at most."""
    colonnes = zip_longest(*lignes, fillvalue="")
    return [min(max(len(texte(valeur)) for valeur in colonne) + 2, LARGEUR_MAX) for colonne in colonnes]
