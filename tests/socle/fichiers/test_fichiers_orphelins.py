"""Files that no row knows are erased, after a long margin, and never when the database is another one."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from participation.socle.actions import fichiers
from participation.socle.calendrier import il_y_a_plus_de
from participation.socle.fichiers import partage
from remontees.models import Reception

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path, monkeypatch) -> Path:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(fichiers, "NUITS", 1)
    return tmp_path


def vieillir(chemin: Path) -> Path:
    vieux = il_y_a_plus_de(31).timestamp()
    os.utime(chemin, (vieux, vieux))
    return chemin


def ecrire(dossier: Path, nom: str) -> Path:
    chemin = dossier / nom
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(b"photo")
    return chemin


def test_an_old_file_without_a_row_goes_and_the_others_stay(dossier):
    reception = Reception()
    reception.photo.save("photo.jpg", ContentFile(b"photo"))
    connu = vieillir(Path(reception.photo.path))
    inconnu = vieillir(ecrire(dossier, "remontees/receptions/2026/01/x.jpg"))
    recent = ecrire(dossier, "pieces/y")
    a_part = vieillir(ecrire(dossier, "exports/publics/z"))
    marque = vieillir(ecrire(dossier, partage.NOM))

    assert fichiers.effacer_fichiers_orphelins() == 1

    assert not inconnu.exists()
    assert all(chemin.exists() for chemin in (connu, recent, a_part, marque))
    assert fichiers.effacer_fichiers_orphelins() == 0


def test_nothing_goes_when_most_files_are_unknown(dossier, caplog):
    laisses = [vieillir(ecrire(dossier, f"pieces/{n}")) for n in range(fichiers.TOUJOURS + 1)]

    assert fichiers.effacer_fichiers_orphelins() == 0

    assert all(chemin.exists() for chemin in laisses)
    assert "rien n’est effacé" in caplog.text


def test_each_night_looks_at_its_share_and_all_are_seen_in_turn(dossier, monkeypatch):
    monkeypatch.setattr(fichiers, "NUITS", 3)
    noms = {f"pieces/{n}" for n in range(30)}
    for nom in noms:
        vieillir(ecrire(dossier, nom))
    vus, aujourd_hui = [], timezone.localdate()
    for nuit in range(3):
        jour = aujourd_hui + timedelta(days=nuit)
        monkeypatch.setattr(timezone, "localdate", lambda jour=jour: jour)
        vus.append(set(fichiers._a_regarder()))

    assert set.union(*vus) == noms
    assert sum(map(len, vus)) == len(noms)
