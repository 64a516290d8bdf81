"""Paths of the repository files, for the tests that read them."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)
APPS = ("participation", "petitions", "ccspl", "contrat_ville", "remontees")
GABARITS = RACINE / "templates"


def code(*dossiers: str) -> Iterator[Path]:
    for dossier in dossiers:
        yield from (chemin for chemin in (RACINE / dossier).rglob("*.py") if "migrations" not in chemin.parts)
