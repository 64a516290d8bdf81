"""Answers of `/sante` to a monitoring tool."""

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
