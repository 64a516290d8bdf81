"""The files that the rows name, on the disk or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models


@dataclass(frozen=True, slots=True)
class Absent:
    """A row whose file is not there. `quoi`: the name of its kind."""

    quoi: str
    numero: int | UUID


def champs_de_fichiers() -> Iterator[tuple[type[models.Model], models.FileField]]:
    """Yield every column of every table, those of a new app too, that names a stored file."""
    for modele in apps.get_models():
        for champ in modele._meta.local_fields:
            if isinstance(champ, models.FileField):
                yield modele, champ


def fichiers_absents() -> Iterator[Absent]:
    """Look for the file of every row of every table. Only that it is there: its content is not read."""
    for modele, champ in champs_de_fichiers():
        nommes = modele._base_manager.exclude(**{champ.name: ""}).exclude(**{f"{champ.name}__isnull": True})
        for numero, nom in nommes.order_by("pk").values_list("pk", champ.name).iterator(chunk_size=2000):
            if not champ.storage.exists(nom):
                yield Absent(str(modele._meta.verbose_name), numero)
