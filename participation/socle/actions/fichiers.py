"""Stored files: those that rows name and the disk lacks; those that no row knows, left by a killed process, a full disk, a rolled back act."""

import logging
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from participation.socle.bd.lots import par_lots
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.fichiers import partage


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


journal = logging.getLogger(__name__)
LOT = 500
NUITS = 30  # each file is looked at once in so many nights
TOUJOURS = 20  # as many may always be erased in one night
# They erase their own files: each is made again on demand.
A_PART = frozenset({"exports"})


def effacer_fichiers_orphelins() -> int:
    """Erase the files that no row knows, older than FICHIERS_ORPHELINS_JOURS days; return how many.

    A nightly task, which looks at one file in NUITS. When most of them are unknown, the database is not the one of
    these files (a restore, a wrong folder): nothing is erased, and the log says so. The days are many since a
    backup that is restored may be older than the files.
    """
    vus = orphelins = 0
    effaces: list[Path] = []
    for lot in par_lots(_a_regarder(), LOT):
        connus = fichiers_connus(lot)
        inconnus = [nom for nom in lot if nom not in connus]
        vus, orphelins = vus + len(lot), orphelins + len(inconnus)
        effaces += [Path(settings.MEDIA_ROOT) / nom for nom in inconnus]
    if orphelins > max(TOUJOURS, vus // 2):
        journal.error("%d fichiers sur %d ne sont connus d’aucune ligne : rien n’est effacé.", orphelins, vus)
        return 0
    for chemin in effaces:
        chemin.unlink(missing_ok=True)
    if effaces:
        journal.warning("%d fichiers qu’aucune ligne ne connaissait sont effacés.", len(effaces))
    return len(effaces)


def fichiers_connus(noms: list[str]) -> set[str]:
    """Return those of these stored names that a row of any table knows."""
    connus: set[str] = set()
    for table, champ in champs_de_fichiers():
        lignes = table._base_manager.filter(**{f"{champ.name}__in": noms})
        connus.update(lignes.order_by().values_list(champ.name, flat=True))
    return connus


def _a_regarder() -> Iterator[str]:
    nuit = timezone.localdate().toordinal() % NUITS
    limite = il_y_a_plus_de(settings.FICHIERS_ORPHELINS_JOURS).timestamp()
    racine = Path(settings.MEDIA_ROOT)
    for dossier, sous_dossiers, fichiers in os.walk(racine):
        if Path(dossier) == racine:
            sous_dossiers[:] = [nom for nom in sous_dossiers if nom not in A_PART]
            fichiers = [nom for nom in fichiers if nom != partage.NOM]
        for fichier in fichiers:
            chemin = Path(dossier) / fichier
            nom = chemin.relative_to(racine).as_posix()
            if zlib.crc32(nom.encode()) % NUITS == nuit and _est_vieux(chemin, limite):
                yield nom


def _est_vieux(chemin: Path, limite: float) -> bool:
    try:
        return chemin.stat().st_mtime < limite
    except FileNotFoundError:
        return False
