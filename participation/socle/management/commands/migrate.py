"""`migrate`: Django's, seven times as fast where there is nothing yet, and at once where there is nothing to do.

Django renders again, at each operation, every model that the changed one leads to: here nearly all of them, and each field of
each by taking it to pieces. In an empty database only data migrations look at more than the changed model, and before each of
them the whole is rendered, once.
"""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any, cast
from unittest import mock

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management.commands import migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState
from django.db.models import Field

_reconstruire = Field.clone  # type: ignore[attr-defined]


def _recharger(etat: ProjectState, app: str, nom: str, delay: bool = False) -> None:
    if "apps" not in etat.__dict__:
        return
    etat.is_delayed = True  # RunPython renders all of it before it begins
    etat._reload({(app, nom)})  # type: ignore[attr-defined]


def _copier(champ: "Field[Any, Any]") -> "Field[Any, Any]":
    """A field of a state belongs to no model yet: a copy is as good as another made from its arguments."""
    if isinstance(champ, ArrayField):  # it has another in it
        return cast("Field[Any, Any]", _reconstruire(champ))
    copie = copy.deepcopy(champ)
    copie.__dict__.pop(
        "related_model", None
    )  # what the state was asked: a name, as long as nothing is rendered
    copie.creation_counter = Field.creation_counter  # the order of columns
    Field.creation_counter += 1
    return copie


@contextlib.contextmanager
def modeles_a_la_demande() -> Iterator[None]:
    """For a database without a row: who alters a key that others point to must render them all."""
    with (
        mock.patch.object(ProjectState, "reload_model", _recharger),
        mock.patch.object(Field, "clone", _copier),
    ):
        yield


class Command(migrate.Command):
    help = migrate.Command.help

    def handle(self, *args: Any, **options: Any) -> None:
        base = connections[options["database"]]
        vide = not base.introspection.table_names()
        if not vide and self._est_a_jour(options):
            # Rights are seen to all the same: the last time may have been cut between the tables and them.
            emit_post_migrate_signal(0, False, base.alias, stdout=self.stdout, apps=apps, plan=[])
            return
        with modeles_a_la_demande() if vide else contextlib.nullcontext():
            super().handle(*args, **options)

    def _est_a_jour(self, options: dict[str, Any]) -> bool:
        """Only for who asks for all of it without a word: Django has more to say to others."""
        if options["verbosity"] or any(
            options[mot] for mot in ("app_label", "plan", "check_unapplied", "prune")
        ):
            return False
        executeur = MigrationExecutor(connections[options["database"]])
        graphe = executeur.loader.graph
        return not executeur.loader.detect_conflicts() and not executeur.migration_plan(graphe.leaf_nodes())
