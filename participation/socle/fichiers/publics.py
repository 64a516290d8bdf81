"""Large public tables kept as files, under the key of their content.

Each is written once for each state of the data, by one writer at a time.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from participation.socle.bd.verrous import verrou_de_session

REPOS = 60  # seconds before a file of the same table may be written again


GARDES = 20  # files kept per table (each choice of filters has its own)


def cle_de(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def dossier() -> Path:
    return Path(settings.MEDIA_ROOT) / "exports" / "publics"


def trouver(nom: str, selection: str, version: str) -> tuple[Path | None, bool]:
    """Return (file to give, whether it is the file of this version).

    The previous version is given while the next one is being written.
    """
    actuel = _chemin(nom, selection, version)
    if actuel.exists():
        return actuel, True
    anciens = sorted(dossier().glob(f"{cle_de(selection)[:16]}-*-{nom}"), key=lambda f: f.stat().st_mtime)
    return (anciens[-1], False) if anciens else (None, False)


def est_a_refaire(ancien: Path) -> bool:
    return time.time() - ancien.stat().st_mtime > REPOS


def ecrire(nom: str, selection: str, version: str, contenu: Callable[[], Iterable[bytes]]) -> Path | None:
    """Write the file of this version. Return None while another public table is being written."""
    chemin = _chemin(nom, selection, version)
    with verrou_de_session("fichiers_publics") as libre:
        if not libre:
            return None
        chemin.parent.mkdir(parents=True, exist_ok=True)
        brouillon = chemin.with_suffix(f".{uuid4().hex}")
        try:
            with brouillon.open("wb") as fichier:
                fichier.writelines(contenu())
            brouillon.replace(chemin)
        finally:
            brouillon.unlink(missing_ok=True)
        _ranger(nom, selection, chemin)
    return chemin


def _chemin(nom: str, selection: str, version: str) -> Path:
    return dossier() / f"{cle_de(selection)[:16]}-{cle_de(version)[:32]}-{nom}"


def _ranger(nom: str, selection: str, garde: Path) -> None:
    for ancien in dossier().glob(f"{cle_de(selection)[:16]}-*-{nom}"):
        if ancien != garde:
            ancien.unlink(missing_ok=True)
    tous = sorted(dossier().glob(f"*-{nom}"), key=lambda f: f.stat().st_mtime, reverse=True)
    for ancien in tous[GARDES:]:
        ancien.unlink(missing_ok=True)
