"""Opening of a table that somebody uploads: a small one at once, any other by a worker."""

from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import nombre
from participation.socle.regles import tableaux

EXTRAIT, CELLULE_MONTREE = 5, 80  # rows and characters shown to who maps the columns
MIO = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableauLu:
    """What is known of a table before its columns are mapped. `extrait`: its first rows, shortened."""

    forme: tableaux.Forme
    total: int
    extrait: list[list[str]]


def recevoir_tableau(fichier: UploadedFile) -> bytes:
    """Return the bytes of the file. Raises ErreurMetier when it is too heavy."""
    if (fichier.size or 0) > settings.TABLEAU_OCTETS_MAX:
        raise ErreurMetier(
            f"Ce fichier pèse {nombre((fichier.size or 0) / MIO)} Mo : le maximum est de "
            f"{nombre(settings.TABLEAU_OCTETS_MAX / MIO)} Mo. Partagez-le en plusieurs fichiers."
        )
    octets: bytes = fichier.read()
    return octets


def se_lit_aussitot(octets: bytes) -> bool:
    """Whether the table is small enough to be read while somebody waits for the page."""
    return tableaux.poids_ouvert(octets) <= int(settings.TABLEAU_IMMEDIAT)


def lire_aussitot(octets: bytes) -> TableauLu:
    """Read the form of a table, workbooks too, while somebody waits. Raises ErreurMetier, as when it is too heavy for a page."""
    if not se_lit_aussitot(octets):
        raise ErreurMetier("Ce fichier est trop lourd pour être lu ici : partagez-le en plusieurs fichiers.")
    return lire_tableau(octets, classeurs=True)


def lire_tableau(octets: bytes, *, classeurs: bool = False) -> TableauLu:
    """Read the form of a table, count its rows, keep the first ones.

    Raises ErreurMetier when it cannot be read, is empty, cut short, or has more than TABLEAU_LIGNES_MAX rows: the
    reading stops there.
    """
    au_plus, extrait = settings.TABLEAU_LIGNES_MAX, []
    total, derniere = 0, list[str]()
    try:
        forme = tableaux.lire_forme(octets, classeurs=classeurs)
        for total, derniere in enumerate(tableaux.lignes_de(octets, forme, au_plus=au_plus + 1), 1):
            if total <= EXTRAIT:
                extrait.append([cellule[:CELLULE_MONTREE] for cellule in derniere[: len(forme.entetes)]])
    except tableaux.FichierIllisible as erreur:
        raise ErreurMetier(str(erreur)) from erreur
    if total == 0:
        raise ErreurMetier("Ce tableau n’a que le nom des colonnes : aucune ligne à lire.")
    if total > au_plus:
        raise ErreurMetier(
            f"Ce tableau a plus de {nombre(au_plus)} lignes, le maximum. Partagez-le en plusieurs fichiers."
        )
    if tableaux.est_coupe(octets, forme, derniere):
        raise ErreurMetier(
            "Ce fichier s’arrête au milieu de sa dernière ligne : il est arrivé coupé. Téléchargez-le de nouveau."
        )
    return TableauLu(forme, total, extrait)
