"""Guards and fixtures shared by every test."""

import re

import pytest
from django.core.cache import cache, caches
from django.test import Client
from hypothesis import settings as hypothesis

# A property is true or not, however slow the machine is.
hypothesis.register_profile("essais", deadline=None)
hypothesis.load_profile("essais")

pytest_plugins = ["tests.conftest_services", "tests.base", "tests.navigateur"]

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
def cache_vide() -> None:
    """Rate limits and rendered pages of one test are no matter of the next."""
    cache.clear()
    caches["processus"].clear()
