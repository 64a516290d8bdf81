"""Our apps and the paths of the repository, for the tests that read them: INSTALLED_APPS is the one list."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

RACINE = Path(settings.BASE_DIR)
GABARITS = RACINE / "templates"
# Import paths (« participation.seances », « petitions ») and labels (« seances ») of our apps; folders at the root.
MODULES = [
    app.name
    for app in apps.get_app_configs()
    if Path(app.path).is_relative_to(RACINE) and ".venv" not in Path(app.path).parts
]
LABELS = [app.label for app in apps.get_app_configs() if app.name in MODULES]
APPS = tuple(dict.fromkeys(nom.partition(".")[0] for nom in MODULES))


@cache
def _modules(dossier: str) -> list[Path]:
    return [chemin for chemin in (RACINE / dossier).rglob("*.py") if "migrations" not in chemin.parts]


def code(*dossiers: str) -> Iterator[Path]:
    for dossier in dossiers:
        yield from _modules(dossier)


@cache
def lire(chemin: Path) -> str:
    """Return the text of a file, read once for all the rules that look at it."""
    return chemin.read_text(encoding="utf-8")


def instructions(texte: str) -> Iterator[ast.AST]:
    """Yield the statements of a module, at any depth: without their expressions, a fifth of the nodes."""
    file: list[ast.AST] = [ast.parse(texte)]
    for noeud in file:
        for champ in ("body", "orelse", "handlers", "finalbody", "cases"):
            file += getattr(noeud, champ, ())
        yield noeud
