"""The shared cache may be lost: stopped, or refusing to write. Nobody is shut out, and it comes back by itself."""

import pytest
import redis
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from participation.socle.bd.cache import CacheOubliable
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partage(courtier, settings, monkeypatch):
    """A real shared cache, and its server."""
    monkeypatch.setattr(CacheOubliable, "jusqu_a", 0.0)
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "participation.socle.bd.cache.CacheOubliable", "LOCATION": courtier},
    }
    serveur = redis.Redis.from_url(courtier)
    yield serveur
    serveur.config_set("maxmemory", "0")
    serveur.replicaof("NO", "ONE")
    serveur.flushdb()
    caches["secours"].clear()


REFUS = {
    "no room": lambda serveur: serveur.config_set("maxmemory", "1"),
    "a replica": lambda serveur: serveur.replicaof("127.0.0.1", "1"),
}


@pytest.mark.parametrize("refus", REFUS)
def test_sign_in_goes_on_when_the_cache_refuses_to_write(partage, refus, monkeypatch, client):
    compte = CompteFactory()
    REFUS[refus](partage)

    for _ in range(2):
        page = Client().post(reverse("account_login"), {"email": compte.courriel})
        assert page.status_code == 302
    composant = client.get("/sante").json()["composants"]["courtier"]
    assert not composant["ok"]

    partage.config_set("maxmemory", "0")
    partage.replicaof("NO", "ONE")
    monkeypatch.setattr(CacheOubliable, "jusqu_a", 0.0)  # five seconds later
    caches["default"].set("x", 1, 60)
    assert partage.keys("*x")


def test_attempts_are_still_counted(partage):
    partage.config_set("maxmemory", "1")
    assert caches["default"].add("essais", 1, 60)
    assert caches["default"].incr("essais") == 2
    assert not caches["default"].add("essais", 1, 60)
