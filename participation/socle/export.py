"""Tables that leave the site: CSV and XLSX, written as they are read, that no spreadsheet takes for formulas."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, zip_longest
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter
from django.utils import timezone

Valeur = str | int | float | bool | Decimal | date | datetime | None
# A cell that starts so is run by a spreadsheet (OWASP: CSV injection).
DANGEREUX = ("=", "+", "-", "@", "\t", "\r", "\n")
LIGNES_PAR_PAQUET = 500
# A workbook opens readable: its columns are as wide as its first lines ask.
LIGNES_MESUREES, LARGEUR_MAX = 200, 60
LIGNES_PAR_FEUILLE = 1_000_000  # a sheet holds 1 048 576


def texte(valeur: object) -> str:
    """One cell of text: days and instants as ISO 8601 (local time), yes and no in French, formulas made harmless by an
    apostrophe. Numbers are numbers, even negative."""
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
    """A cell of open data: an instant says its offset, for programs that know no Paris. A spreadsheet then reads it as text."""
    return (
        timezone.localtime(valeur).isoformat(timespec="seconds") if isinstance(valeur, datetime) else valeur
    )


def neutraliser(texte: str) -> str:
    return f"'{texte}" if texte.lstrip(" ").startswith(DANGEREUX) else texte


class _Echo:
    """What csv.writer writes to: gives the line back."""

    def write(self, ligne: str) -> str:
        return ligne


def csv_en_flux(entetes: Sequence[str], lignes: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """CSV for French spreadsheets: UTF-8 with BOM, semicolon, CRLF; some hundred lines at a time."""
    plume = csv.writer(_Echo(), delimiter=";")
    paquet = ["\ufeff", plume.writerow([texte(entete) for entete in entetes])]
    for ligne in lignes:
        paquet.append(plume.writerow([texte(valeur) for valeur in ligne]))
        if len(paquet) >= LIGNES_PAR_PAQUET:
            yield "".join(paquet).encode()
            paquet = []
    yield "".join(paquet).encode()


def xlsx(entetes: Sequence[str], lignes: Iterable[Sequence[object]], titre: str = "Liste") -> IO[bytes]:
    """A workbook in a temporary file (at its start), with constant memory. Text is written as text: never a formula, never a link."""
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
    """Of each column, in characters: what its first cells need, no more than can be read."""
    colonnes = zip_longest(*lignes, fillvalue="")
    return [min(max(len(texte(valeur)) for valeur in colonne) + 2, LARGEUR_MAX) for colonne in colonnes]
