"""Answers of `/sante` to a monitoring tool."""

import os
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from ops import services
from participation.socle.fichiers import partage
from participation.socle.models import Battement, Courriel, DossierDesFichiers, Passage
from participation.socle.travaux import passages
from participation.socle.views import exploitation as vue

pytestmark = pytest.mark.django_db


@pytest.fixture
def tout_vit(settings, courtier):
    settings.BROKER_URL = courtier
    for nom in ("worker", "codes", "horloge"):
        Battement.objects.create(nom=nom)
    passages.annoncer_les_periodiques()
    assert partage.marquer() == ""


def courriel(age):
    return Courriel.objects.create(
        expediteur="a@example.org",
        destinataires=["secret@example.org"],
        sujet="s",
        corps="c",
        prochain_essai_le=timezone.now() - timedelta(seconds=age),
    )


def test_all_is_well(client, tout_vit, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        reponse = client.get("/sante?strict=1")
    assert reponse.status_code == 200
    assert reponse.json()["etat"] == "ok", reponse.json()
    assert "no-store" in reponse["Cache-Control"]
    assert not reponse.cookies


GRAVES = {"fichiers", "worker", "codes"}  # what people do leads to nothing


@pytest.mark.parametrize(
    "malade", [*sorted(GRAVES), "horloge", "taches", "courriels", "courtier", "disque", "place"]
)
def test_one_ill_part_is_named_and_the_grave_ones_are_a_failure(client, tout_vit, settings, tmp_path, malade):
    if malade in {"worker", "codes"}:
        Battement.objects.filter(nom=malade).update(le=timezone.now() - timedelta(minutes=1))
    elif malade == "horloge":
        Battement.objects.filter(nom=malade).update(le=timezone.now() - timedelta(minutes=10))
    elif malade == "taches":
        Passage.objects.filter(tache="petitions.compter").update(le=timezone.now() - timedelta(minutes=40))
    elif malade == "fichiers":
        DossierDesFichiers.objects.update(marque="celle d’une autre machine")
    elif malade == "place":
        settings.DISQUE_LIBRE_MIN, malade = 10**9, "disque"
    elif malade == "courriels":
        courriel(age=900)
    elif malade == "courtier":
        settings.BROKER_URL = f"redis://:motdepasse@127.0.0.1:{services.port_libre()}/0"
    else:
        (tmp_path / "fichier").write_text("")
        settings.DOSSIER_DONNEES = tmp_path / "fichier"

    reponse = client.get("/sante")
    dit = reponse.json()

    assert reponse.status_code == (503 if malade in GRAVES else 200)
    assert dit["etat"] == ("panne" if malade in GRAVES else "degrade")
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


def test_a_sign_of_life_or_a_run_of_a_time_to_come_is_no_good_sign(client, tout_vit):
    demain = timezone.localtime() + timedelta(days=2)
    Battement.objects.filter(nom="worker").update(le=demain)
    Passage.objects.filter(tache="petitions.compter").update(le=demain)
    composants = client.get("/sante").json()["composants"]
    assert "à venir" in composants["worker"]["detail"]
    assert composants["taches"]["detail"].startswith("petitions.compter a tourné à une date à venir")


def test_a_periodic_task_that_fails_is_named_with_its_reason(client, tout_vit):
    passages.noter_echec("petitions.compter", (), ValueError("panne"))
    detail = client.get("/sante").json()["composants"]["taches"]["detail"]
    assert detail == "petitions.compter a échoué 1 fois : erreur ValueError"
    passages.noter_reussite("petitions.compter")
    assert client.get("/sante").json()["composants"]["taches"]["ok"]


def test_a_nightly_task_is_late_the_next_morning_only(tout_vit):
    minuit = timezone.localtime().replace(hour=3, minute=10, second=0, microsecond=0)
    Passage.objects.filter(tache="petitions.recompter").update(le=minuit)
    assert passages.dus_le("petitions.recompter", minuit) > minuit + timedelta(hours=20)
