"""Whether the folder of files is the one of this database: every machine must see the same.

A small file holds a mark drawn once, which the database knows. Without it, a document made by one machine would
be « introuvable » on another, and nobody would be told.
"""

import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

from participation.socle.models import DossierDesFichiers

NOM = ".dossier-de-participation"


def reproche() -> str:
    """Return what is wrong with the folder of this process, and what to do; empty when it is the right one."""
    connu = DossierDesFichiers.objects.first()
    try:
        lue = _lire()
    except OSError as erreur:
        return f"Le dossier des fichiers {settings.MEDIA_ROOT} ne se lit pas ({erreur.strerror})."
    if connu is None or lue == connu.marque:
        return ""
    return (
        f"Le dossier des fichiers {settings.MEDIA_ROOT} n’est pas celui de la base : montez ici le dossier que "
        "partagent les machines. S’il a été remplacé pour de bon, lancez « manage.py adopter_dossier »."
    )


def marquer() -> str:
    """Mark the folder the first time, then return what `reproche` does. Nothing is said without the database."""
    with suppress(OperationalError, InterfaceError):
        if not DossierDesFichiers.objects.exists():
            DossierDesFichiers.objects.get_or_create(
                pk=1, defaults={"marque": _lire_ou_rien() or secrets.token_hex(16)}
            )
            adopter(seulement_vide=True)
        return reproche()
    return ""


def adopter(*, seulement_vide: bool = False) -> None:
    """Write the mark of the database in this folder: it is now the right one."""
    connu = DossierDesFichiers.objects.first()
    if connu is None or (seulement_vide and _lire_ou_rien()):
        return
    chemin = Path(settings.MEDIA_ROOT) / NOM
    with suppress(OSError):  # `reproche` says it
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_text(connu.marque)


def _lire() -> str:
    try:
        return (Path(settings.MEDIA_ROOT) / NOM).read_text().strip()
    except FileNotFoundError:
        return ""


def _lire_ou_rien() -> str:
    with suppress(OSError):
        return _lire()
    return ""
