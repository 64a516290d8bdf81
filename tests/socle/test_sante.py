"""Answers of `/sante` to a monitoring tool."""

import os
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from ops import services
from participation.socle.models import Battement, Courriel
from participation.socle.views import sante as vue

pytestmark = pytest.mark.django_db


@pytest.fixture
def tout_vit(settings, courtier):
    settings.BROKER_URL = courtier
    Battement.objects.create(nom="worker")
    Battement.objects.create(nom="horloge")


def courriel(age):
    return Courriel.objects.create(
        expediteur="a@example.org",
        destinataires=["secret@example.org"],
        sujet="s",
        corps="c",
        prochain_essai_le=timezone.now() - timedelta(seconds=age),
    )


def test_all_is_well(client, tout_vit, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        reponse = client.get("/sante?strict=1")
    assert reponse.status_code == 200
    assert reponse.json()["etat"] == "ok", reponse.json()
    assert "no-store" in reponse["Cache-Control"]
    assert not reponse.cookies


@pytest.mark.parametrize("malade", ["worker", "horloge", "courriels", "courtier", "disque"])
def test_one_ill_part_is_named_and_only_strict_makes_it_a_failure(
    client, tout_vit, settings, tmp_path, malade
):
    if malade in {"worker", "horloge"}:
        Battement.objects.filter(nom=malade).update(le=timezone.now() - timedelta(minutes=10))
    elif malade == "courriels":
        courriel(age=900)
    elif malade == "courtier":
        settings.BROKER_URL = f"redis://:motdepasse@127.0.0.1:{services.port_libre()}/0"
    else:
        (tmp_path / "fichier").write_text("")
        settings.DOSSIER_DONNEES = tmp_path / "fichier"

    reponse = client.get("/sante")
    dit = reponse.json()

    assert reponse.status_code == 200
    assert dit["etat"] == "degrade"
    assert [nom for nom, composant in dit["composants"].items() if not composant["ok"]] == [malade]
    assert client.get("/sante?strict=1").status_code == 503
    assert "motdepasse" not in reponse.content.decode()
    assert "secret@" not in reponse.content.decode()


def test_nothing_ever_started_is_said_too(client, settings):
    settings.BROKER_URL = ""
    composants = client.get("/sante").json()["composants"]
    assert "jamais" in composants["worker"]["detail"]
    assert not composants["courtier"]["ok"]


def test_letters_that_wait_their_turn_are_no_illness(client, tout_vit):
    courriel(age=20)
    courriel(age=-3600)
    composant = client.get("/sante").json()["composants"]["courriels"]
    assert composant["ok"]
    assert 15 < composant["age"] < 60


def test_without_database_it_still_answers(client, tout_vit, monkeypatch):
    class Morte:
        def cursor(self):
            raise OperationalError("mot de passe refusé pour app@10.0.0.1")

    monkeypatch.setattr(vue, "connection", Morte())
    reponse = client.get("/sante")
    assert reponse.status_code == 503
    assert reponse.json()["etat"] == "panne"
    assert "10.0.0.1" not in reponse.content.decode()


@pytest.mark.parametrize(
    ("base", "fichiers", "ok", "dit"),
    [
        ((False, 0), 10, False, "la base n’est pas archivée"),
        ((True, 20), None, False, "les fichiers n’ont jamais été copiés"),
        ((True, 20), 900, False, "la copie des fichiers est en retard"),
        ((True, 900), 20, False, "l’archive de la base est en retard"),
        ((True, 20), 20, True, "se font"),
    ],
)
def test_copies_that_stop_are_said(
    client, tout_vit, settings, tmp_path, monkeypatch, base, fichiers, ok, dit
):
    settings.COPIES_RETARD, settings.DOSSIER_DONNEES = 300, tmp_path
    monkeypatch.setattr(vue, "ARCHIVE", "SELECT {}, {}".format(*base))
    if fichiers is not None:
        quand = timezone.now().timestamp() - fichiers
        (tmp_path / vue.FICHIERS_COPIES).touch()
        os.utime(tmp_path / vue.FICHIERS_COPIES, (quand, quand))

    composant = client.get("/sante").json()["composants"]["copies"]

    assert (composant["ok"], composant["detail"]) == (ok, dit)


def test_the_age_of_the_archive_is_asked_of_postgresql(client, tout_vit, settings):
    settings.COPIES_RETARD = 300
    assert client.get("/sante").json()["composants"]["copies"]["detail"] == "la base n’est pas archivée"


def test_the_unit_that_copies_the_files_touches_what_is_looked_at(settings):
    unite = (settings.BASE_DIR / "deploy/systemd/participation-fichiers.service").read_text()
    assert f"ExecStartPost=/usr/bin/touch {vue.FICHIERS_COPIES}\n" in unite
