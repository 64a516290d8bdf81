"""`migrate`: Django's, four times as fast where there is nothing yet.

Django renders again, at each operation, every model that the changed one leads to: here nearly all of them, twenty seconds of them.
In an empty database only data migrations look at those, and before each of them the whole is rendered, once.
"""

import contextlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.state import ProjectState


def _recharger(etat: ProjectState, app: str, nom: str, delay: bool = False) -> None:
    if "apps" not in etat.__dict__:
        return
    if delay or nom not in etat.apps.all_models[app]:
        etat.is_delayed = True  # RunPython renders all of it before it begins
        etat._reload({(app, nom)})  # type: ignore[attr-defined]
    else:
        del etat.apps  # a relation changes: all of it again, when it is asked for


@contextlib.contextmanager
def modeles_a_la_demande() -> Iterator[None]:
    """For a database without a row: who alters a key that others point to must render them all."""
    with mock.patch.object(ProjectState, "reload_model", _recharger):
        yield


class Command(migrate.Command):
    help = migrate.Command.help

    def handle(self, *args: Any, **options: Any) -> None:
        vide = not connections[options["database"]].introspection.table_names()
        with modeles_a_la_demande() if vide else contextlib.nullcontext():
            super().handle(*args, **options)
