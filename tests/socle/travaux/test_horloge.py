"""A clock that jumps ahead and comes back stops nothing."""

import time
from datetime import timedelta
from unittest.mock import Mock

import pytest
from celery.beat import PersistentScheduler
from django.core.cache import caches
from django.utils import timezone

from participation.celery import app
from participation.socle.actions.courriels import reprendre_abandonnes
from participation.socle.actions.exports import exports_abandonnes
from participation.socle.bd.cache import une_minute
from participation.socle.models import Courriel, Document, Export, Passage
from participation.socle.travaux.horloge import Horloge
from tests.socle.factories import CompteFactory, lettre

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def connexion_gardee(monkeypatch):
    """Beat closes its connection after each write; here it is that of the test."""
    monkeypatch.setattr("participation.socle.travaux.horloge.connection", Mock())


@pytest.fixture
def demain():
    return timezone.localtime() + timedelta(days=2)


def test_beat_started_again_after_a_jump_sends_at_once(tmp_path, demain):
    fichier = str(tmp_path / "beat")
    saute = Horloge(app=app, schedule_filename=fichier)
    for entree in saute.schedule.values():
        entree.last_run_at = demain
    saute.close()
    garde = PersistentScheduler(app=app, schedule_filename=fichier)
    assert max(entree.last_run_at for entree in garde.schedule.values()) == demain
    garde.close()

    repris = Horloge(app=app, schedule_filename=fichier)

    dus = {nom: entree.is_due().next for nom, entree in repris.schedule.items()}
    assert dus["petitions.ecrire_aux_signataires"] <= 3
    assert max(dus.values()) < timedelta(days=32).total_seconds()
    assert dus["participation.socle.tasks.rappeler_echeances"] <= 3600
    repris.close()


def test_beat_that_lives_through_the_jump_comes_back(tmp_path, demain):
    horloge = Horloge(app=app, schedule_filename=str(tmp_path / "beat"))
    horloge.apply_async = lambda *args, **options: None  # no broker here
    for entree in horloge.schedule.values():
        entree.last_run_at = demain
    horloge.populate_heap()
    horloge.dernier_signe = time.monotonic()
    assert horloge.tick() <= 30, "it sleeps past its next sign of life"
    Passage.objects.update_or_create(tache="petitions.compter", defaults={"le": demain, "essai_le": demain})
    horloge.dernier_signe -= 31
    horloge.tick()
    assert all(entree.last_run_at <= timezone.now() for entree in horloge.schedule.values())
    assert Passage.objects.get(tache="petitions.compter").le <= timezone.now()
    horloge.close()


def test_what_was_kept_for_a_minute_while_the_clock_was_ahead_is_not_kept_until_then(
    time_machine, monkeypatch, demain
):
    dits = iter(range(9))
    time_machine.move_to(demain)
    assert [une_minute("essai", lambda: next(dits)) for _ in range(2)] == [0, 0]
    time_machine.move_to(demain - timedelta(days=2))
    assert une_minute("essai", lambda: next(dits)) == 0
    fige = time.monotonic()
    monkeypatch.setattr("participation.socle.bd.cache.time.monotonic", lambda: fige + 61)

    assert une_minute("essai", lambda: next(dits)) == 1
    caches["processus"].delete("essai")


def test_what_was_dated_of_a_time_to_come_is_taken_up(demain):
    attend, prise = lettre(), lettre()
    Courriel.objects.filter(pk=attend.pk).update(prochain_essai_le=demain)
    Courriel.objects.filter(pk=prise.pk).update(etat=Courriel.Etat.EN_COURS, pris_le=demain)
    Document.objects.create(nature="x", titre="x", demande_le=demain)
    export = Export.objects.create(
        cle="x", compte=CompteFactory(agent=True), adresse="/", nom="x", total=1, demande_le=demain
    )

    reprendre_abandonnes()

    assert Courriel.objects.a_envoyer().count() == 2
    assert Document.objects.abandonnes(timedelta(minutes=2)).count() == 1
    assert exports_abandonnes() == [export.pk]
