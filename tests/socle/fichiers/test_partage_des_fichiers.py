"""The folder of files is the one of the database: a machine that sees another one is told, and does not start."""

from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import call_command

from participation import serveur
from participation.socle.fichiers import partage
from participation.socle.models import DossierDesFichiers
from participation.socle.travaux import veilleur

pytestmark = pytest.mark.django_db


@pytest.fixture
def deux_machines(settings, tmp_path, monkeypatch):
    """Return what moves to the folder of one machine or of the other."""

    monkeypatch.setattr(veilleur, "connection", Mock())  # that of the test stays open

    def aller(machine):
        settings.MEDIA_ROOT = tmp_path / machine

    aller("premiere")
    assert partage.marquer() == ""
    return aller


def test_two_machines_with_a_folder_each_do_not_start(deux_machines):
    assert partage.marquer() == ""
    deux_machines("seconde")
    assert "montez ici le dossier que partagent les machines" in partage.marquer()
    with pytest.raises(SystemExit, match="montez ici"):
        veilleur.verifier_le_dossier()
    with pytest.raises(SystemExit, match="montez ici"):
        serveur.when_ready(Mock())
    deux_machines("premiere")
    assert veilleur.verifier_le_dossier() is None


def test_a_restored_database_knows_the_folder_that_is_restored_with_it(deux_machines):
    marque = DossierDesFichiers.actuel().marque
    DossierDesFichiers.objects.all().delete()  # a backup older than the mark
    assert partage.marquer() == ""
    assert DossierDesFichiers.actuel().marque == marque


def test_a_folder_replaced_for_good_is_adopted_by_a_command(deux_machines):
    deux_machines("neuve")
    assert partage.reproche()
    call_command("adopter_dossier", stdout=(sortie := StringIO()))
    assert "celui de la base" in sortie.getvalue()
    assert partage.reproche() == ""
