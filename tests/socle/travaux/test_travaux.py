"""Tasks given up after too many failures: an agent is told, and one push gives them all back."""

from inspect import signature

import pytest
from celery import current_app
from django.urls import reverse

from participation.socle.models import Passage
from participation.socle.travaux import differes as taches_differees
from participation.socle.travaux import passages
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def echouer(numero, fois):
    for _ in range(fois):
        passages.noter_echec("contrat_ville.importer_dauphin", [numero], ValueError("jeanne@example.org"))


def test_my_day_says_it_and_the_page_gives_it_back(
    client, settings, monkeypatch, django_capture_on_commit_callbacks
):
    confiees = []
    monkeypatch.setattr(taches_differees, "_confier", lambda tache, args, *_: confiees.append((tache, args)))
    echouer(7, settings.TACHE_ESSAIS)
    echouer(8, 1)  # tried again by itself
    client.force_login(CompteFactory(agent=True))

    assert "1 travail de fond arrêté" in client.get(reverse("socle:journee")).content.decode()
    page = client.get(reverse("socle:travaux_arretes")).content.decode()
    assert "Importer un fichier de Dauphin, n° 7" in page
    assert "erreur ValueError" in page
    assert "jeanne" not in page

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("socle:travaux_arretes"))
    assert confiees == [("contrat_ville.importer_dauphin", (7,))]
    assert not passages.a_decider().exists()
    assert Passage.objects.filter(arguments="[8]").exists()


def test_a_success_forgets_the_failures():
    echouer(7, 1)
    passages.noter_reussite("contrat_ville.importer_dauphin", [7])
    assert not Passage.objects.exists()


def test_a_key_is_never_shown():
    for arguments in ('["0190c2aa-cle"]', '["123"]', "[1, 2]", f"[{'9' * 190}]"):
        assert (
            Passage(tache="remontees.recevoir", arguments=arguments).quoi == "Enregistrer une remontée reçue"
        )


def test_each_task_that_an_agent_may_be_told_of_says_what_it_does():
    current_app.loader.import_default_modules()
    notres = [t for t in current_app.tasks.values() if not t.name.startswith("celery.")]
    muettes = {t.name for t in notres if signature(t.run).parameters and not getattr(t, "dit", "")}
    assert muettes == set()
