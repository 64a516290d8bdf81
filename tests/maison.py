"""Our apps and the paths of the repository, for the tests that read them: INSTALLED_APPS is the one list."""

from collections.abc import Iterator
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


def code(*dossiers: str) -> Iterator[Path]:
    for dossier in dossiers:
        yield from (chemin for chemin in (RACINE / dossier).rglob("*.py") if "migrations" not in chemin.parts)
