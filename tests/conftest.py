"""Guards and fixtures shared by every test."""

import re

import pytest
from django.core.cache import cache, caches
from django.core.management import call_command
from django.test import Client
from hypothesis import settings as hypothesis

from participation.socle.models import Commune
from petitions.models import ReglementPetition

# A property is true or not, however slow the machine is.
hypothesis.register_profile("essais", deadline=None)
hypothesis.load_profile("essais")

pytest_plugins = ["tests.conftest_services", "tests.navigateur"]

FORMULAIRE_POST = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.I | re.S)
EN_LIGNE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\sstyle=[\"']|\son[a-z]+=[\"']|<style", re.I)
DONNEES_INERTES = re.compile(r"<script[^>]*type=[\"']application/(?:ld\+)?json[\"'].*?</script>", re.I | re.S)


class ClientGarde(Client):
    """A test client that refuses what our pages must never hold: a form open to CSRF, an inline script or style."""

    def request(self, **requete):
        reponse = super().request(**requete)
        if reponse.get("Content-Type", "").startswith("text/html") and not reponse.streaming:
            html = reponse.content.decode()
            chemin = requete.get("PATH_INFO", "")
            if not chemin.startswith("/reference/"):  # the admin of Django is not ours
                for formulaire in FORMULAIRE_POST.findall(html):
                    assert "csrfmiddlewaretoken" in formulaire, f"{chemin} : formulaire sans jeton CSRF"
                trouve = EN_LIGNE.search(DONNEES_INERTES.sub("", html))
                assert not trouve, f"{chemin} : script ou style en ligne : {trouve.group(0)!r}"
        return reponse


@pytest.fixture
def client() -> Client:
    return ClientGarde()


@pytest.fixture(autouse=True)
def referentiel(request: pytest.FixtureRequest) -> None:
    """The 49 communes and the règlement are there in every test that has a database."""
    avec_base = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not avec_base and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("_django_db_helper")
    # A transactional test empties every table when it ends.
    if not (Commune.objects.exists() and ReglementPetition.objects.exists()):
        call_command("charger_referentiel", verbosity=0)


@pytest.fixture(autouse=True)
def cache_vide() -> None:
    """Rate limits and rendered pages of one test are no matter of the next."""
    cache.clear()
    caches["processus"].clear()
