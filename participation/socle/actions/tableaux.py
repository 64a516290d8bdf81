"""Opening of a table that somebody uploads."""

from collections import deque

from django.core.files.uploadedfile import UploadedFile

from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import accorder, nombre
from participation.socle.regles import tableaux


def ouvrir_tableau(
    fichier: UploadedFile, *, au_plus: int, classeurs: bool = False
) -> tuple[bytes, tableaux.Forme, int]:
    """Return the bytes of the file, its form and its number of rows.

    Raises ErreurMetier when it cannot be read, is empty, cut short, or has more than `au_plus` rows.
    """
    octets: bytes = fichier.read()
    try:
        forme = tableaux.lire_forme(octets, classeurs=classeurs)
        lues = deque(enumerate(tableaux.lignes_de(octets, forme), 1), maxlen=1)
    except tableaux.FichierIllisible as erreur:
        raise ErreurMetier(str(erreur)) from erreur
    total, derniere = lues[0] if lues else (0, [])
    if total == 0:
        raise ErreurMetier("Ce tableau n’a que le nom des colonnes : aucune ligne à lire.")
    if total > au_plus:
        raise ErreurMetier(
            f"Ce tableau a {accorder(total, 'ligne')} : le maximum est de {nombre(au_plus)}. Partagez-le en plusieurs fichiers."
        )
    if tableaux.est_coupe(octets, forme, derniere):
        raise ErreurMetier(
            "Ce fichier s’arrête au milieu de sa dernière ligne : il est arrivé coupé. Téléchargez-le de nouveau."
        )
    return octets, forme, total
