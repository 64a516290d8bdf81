"""Tables: read from elsewhere (their form, their columns, their rows), and what a spreadsheet would run in a cell. Bytes in, no database."""

import csv
import io
import json
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from participation.socle.regles import a_part, classeur

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


PARIS = ZoneInfo("Europe/Paris")
SEPARATEURS = ";,\t|"
DEVINES_MAX = 2_000  # characters: the cost of a guess is the square of them, and more
COLONNES_MAX = 200
CELLULE_MAX = 200_000
CLASSEUR = "classeur"  # takes the place of the encoding for a workbook
CLASSEUR_MAX = 200 * 1024 * 1024  # bytes once unzipped
LECTURE_MAX = 120  # seconds
NE_S_OUVRE_PAS = "Ce classeur ne s’ouvre pas. Enregistrez-le en XLSX ou en CSV."
TROP_LOURD = "Ce classeur est trop lourd une fois ouvert. Enregistrez-le en CSV."
REFUS = {
    classeur.ILLISIBLE: NE_S_OUVRE_PAS,
    classeur.FORMULES: "Ce classeur a des formules sans leur résultat : ouvrez-le dans un tableur, enregistrez-le, "
    "puis envoyez-le de nouveau.",
}
JOURS = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y/%m/%d")


class FichierIllisible(ValueError):
    """The file cannot be read. The message is shown to the person."""


@dataclass(frozen=True, slots=True)
class Forme:
    """Form of a table, as far as it can be guessed."""

    encodage: str
    separateur: str
    entetes: tuple[str, ...]


def simplifier(texte: str) -> str:
    """Return the text without case, accents and punctuation.

    « Date de Publication » and « date_de_publication » become equal.
    """
    nu = unicodedata.normalize("NFKD", texte.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", nu))


def encodage_de(octets: bytes) -> str:
    if octets[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    try:
        octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def lire_forme(octets: bytes, *, classeurs: bool = False) -> Forme:
    """Guess the form of a table. `classeurs`: also read XLSX, XLS and ODS. Raises FichierIllisible."""
    if not octets.strip():
        raise FichierIllisible("Ce fichier est vide. Choisissez-en un autre.")
    est_classeur = est_un_classeur(octets)
    if est_classeur and classeurs:
        return Forme(CLASSEUR, "", _noms(next(_lignes_de_classeur(octets, 1), [])))
    autre = (
        "Ce fichier n’est ni un tableau CSV ni un classeur."
        if classeurs
        else "Ce fichier n’est pas un tableau CSV. Dans le tableur, enregistrez-le en CSV."
    )
    if est_classeur or octets[:5] == b"%PDF-":
        raise FichierIllisible(autre)
    encodage = encodage_de(octets)
    texte = octets.decode(encodage, "replace")
    if "\x00" in texte[:10_000]:
        raise FichierIllisible(autre)
    separateur = separateur_de(texte)
    return Forme(encodage, separateur, _noms(next(_lignes(texte, separateur), [])))


def _noms(entetes: Sequence[str]) -> tuple[str, ...]:
    if len(entetes) > COLONNES_MAX:
        raise FichierIllisible(f"Ce tableau a plus de {COLONNES_MAX} colonnes.")
    propres = [" ".join(entete.split())[:120] for entete in entetes]
    if not any(propres):
        raise FichierIllisible("La première ligne doit dire le nom des colonnes.")
    return tuple(nom or f"colonne {n}" for n, nom in enumerate(propres, 1))


def separateur_de(texte: str) -> str:
    """Return the separator that cuts the first rows into the same number of columns, and into the most.

    When none gives two columns, clevercsv guesses from the content of the cells.
    """

    def note(separateur: str) -> tuple[int, int]:
        lignes = list(islice(_lignes(texte, separateur), 20))
        largeur = len(lignes[0]) if lignes else 0
        return (sum(len(ligne) == largeur for ligne in lignes) if largeur > 1 else 0, largeur)

    meilleur = max(SEPARATEURS, key=note)
    if note(meilleur)[0]:
        return meilleur
    import clevercsv  # imported here: it would take a tenth of the start of each process

    devine = clevercsv.Detector().detect("\n".join(islice(texte.splitlines(), 20))[:DEVINES_MAX])
    trouve = str(devine.delimiter) if devine is not None and devine.delimiter else ""
    # A letter or a space separates words, not columns.
    return trouve if trouve and not trouve.isalnum() and not trouve.isspace() else meilleur


def poids_ouvert(octets: bytes) -> int:
    """Return the bytes of the table once unzipped, which say how long its reading takes."""
    if octets[:2] != b"PK":
        return len(octets)
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as archive:
            return sum(membre.file_size for membre in archive.infolist())
    except zipfile.BadZipFile:
        return len(octets)


def lignes_de(octets: bytes, forme: Forme, *, au_plus: int | None = None) -> Iterator[list[str]]:
    """Yield the rows below the header, empty ones included; the first `au_plus`."""
    if forme.encodage == CLASSEUR:
        yield from islice(_lignes_de_classeur(octets, au_plus and au_plus + 1), 1, None)
        return
    fin = None if au_plus is None else au_plus + 1
    yield from islice(_lignes(octets.decode(forme.encodage, "replace"), forme.separateur), 1, fin)


def est_coupe(octets: bytes, forme: Forme, derniere: Sequence[str]) -> bool:
    """Whether the file stops in the middle of its last row: too few cells, and no end of line."""
    if forme.encodage == CLASSEUR:
        return False
    return len(derniere) < len(forme.entetes) and not octets.rstrip(b"\x00").endswith((b"\n", b"\r"))


def _lignes(texte: str, separateur: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELLULE_MAX)
    lecteur = csv.reader(io.StringIO(texte.replace("\x00", ""), newline=""), delimiter=separateur)
    while True:
        try:
            ligne = next(lecteur)
        except StopIteration:
            return
        except csv.Error:
            ligne = []  # a cell without end: its row is refused, the others are read
        yield ligne


def est_un_classeur(octets: bytes) -> bool:
    return octets[:2] == b"PK" or octets[:4] == b"\xd0\xcf\x11\xe0"


def _lignes_de_classeur(octets: bytes, au_plus: int | None = None) -> Iterator[list[str]]:
    """Yield the rows of the first sheet that has any, the first `au_plus`. Raises FichierIllisible."""
    try:
        if octets[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                if sum(membre.file_size for membre in archive.infolist()) > CLASSEUR_MAX:
                    raise FichierIllisible(TROP_LOURD)
    except zipfile.BadZipFile as erreur:
        raise FichierIllisible(NE_S_OUVRE_PAS) from erreur
    combien = [str(au_plus)] if au_plus else []
    # Rows wait in a file: in memory they would weigh several times what the separate process may use.
    with tempfile.TemporaryFile() as lues:
        code = a_part.lancer(classeur, octets, *combien, secondes=LECTURE_MAX, sortie=lues)
        if code:
            raise FichierIllisible(REFUS.get(code, TROP_LOURD))
        lues.seek(0)
        for ligne in lues:
            yield json.loads(ligne)


def deviner(entetes: Sequence[str], synonymes: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Guess the columns: return field → column, each column once."""
    trouves: dict[str, str] = {}
    prises: set[str] = set()
    simples = {entete: simplifier(entete) for entete in entetes}
    for champ, noms in synonymes.items():
        cherches = {simplifier(nom) for nom in noms}
        for entete in entetes:
            if simples[entete] in cherches and entete not in prises:
                trouves[champ] = entete
                prises.add(entete)
                break
    return trouves


def valeurs_de(ligne: Sequence[str], entetes: Sequence[str], relies: Mapping[str, str]) -> dict[str, str]:
    rangs = {nom: rang for rang, nom in enumerate(entetes)}
    return {
        champ: ligne[rangs[colonne]].strip()
        for champ, colonne in relies.items()
        if colonne in rangs and rangs[colonne] < len(ligne)
    }


def jour_de(texte: str) -> date | None:
    """Return the day written in the text; None when it is empty. Raises ValueError."""
    texte = texte.strip()
    if not texte:
        return None
    try:
        instant = datetime.fromisoformat(texte)
    except ValueError:
        pass
    else:
        return instant.astimezone(PARIS).date() if instant.tzinfo else instant.date()
    for forme in JOURS:
        try:
            return datetime.strptime(texte, forme).date()  # noqa: DTZ007 a day, as it is written
        except ValueError:
            continue
    raise ValueError(texte)


def jour_venu(texte: str, aujourdhui: date) -> date | None:
    """Return the day written in the text, None when it is empty. Raises ValueError, a sentence, if it is to come."""
    try:
        jour = jour_de(texte)
    except ValueError:
        raise ValueError(f"« {texte[:40]} » n’est pas une date.") from None
    if jour is not None and jour > aujourdhui:
        raise ValueError(f"le jour « {texte[:40]} » n’est pas encore venu.")
    return jour
