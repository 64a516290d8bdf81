"""The shared cache may be lost: stopped, or refusing to write. Nobody is shut out, and it comes back by itself."""

import pytest
import redis
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
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


def test_all_that_is_asked_of_a_lost_cache_is_done_without_it(settings, monkeypatch):
    monkeypatch.setattr(CacheOubliable, "jusqu_a", 0.0)
    settings.CACHES = {
        **settings.CACHES,
        "default": {
            "BACKEND": "participation.socle.bd.cache.CacheOubliable",
            "LOCATION": "redis://127.0.0.1:1",
        },
    }
    seul = caches["default"]
    demandes = {
        "add": ("a", 1), "set": ("b", 2), "incr": ("b",), "set_many": ({"c": 3},), "get_many": (iter(["a", "b", "c"]),),
        "get": ("a",), "has_key": ("a",), "touch": ("a", 60), "delete": ("a",), "delete_many": (iter(["b", "c"]),),
    }  # fmt: skip
    laissees = {"clear", "get_backend_timeout"}  # nobody asks the first; the second asks nothing
    assert demandes.keys() == {nom for nom in vars(RedisCache) if not nom.startswith("_")} - laissees

    dits = {}
    for nom, arguments in demandes.items():
        monkeypatch.setattr(CacheOubliable, "jusqu_a", 0.0)
        dits[nom] = getattr(seul, nom)(*arguments)

    assert dits["get_many"] == {"a": 1, "b": 3, "c": 3}
    assert (dits["has_key"], dits["touch"], dits["delete"]) == (True, True, True)
    caches["secours"].clear()


def test_attempts_are_still_counted(partage):
    partage.config_set("maxmemory", "1")
    assert caches["default"].add("essais", 1, 60)
    assert caches["default"].incr("essais") == 2
    assert not caches["default"].add("essais", 1, 60)
