"""The shared cache may be lost: stopped, or refusing to write. Nobody is shut out, and it comes back by itself."""

import os
import time
from pathlib import Path

import pytest
import redis
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from django.urls import reverse

from ops import services
from participation.socle.bd.cache import CacheOubliable
from participation.socle.http import limites
from tests.outils import attendre
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


JOURS = 3 * 24 * 3600


@pytest.fixture
def valkey_decale(tmp_path, settings, monkeypatch):
    """A real Valkey whose clock the test moves, with that of Python, and the shared cache on it."""
    biblio = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
    assert biblio, "libfaketime manque : sh ops/apt.sh essais"
    heure = tmp_path / "heure"
    heure.write_text("+0")
    serveur = services.preparer_valkey(tmp_path / "valkey", durable=False)
    env = {**os.environ, "LD_PRELOAD": str(biblio), "FAKETIME_TIMESTAMP_FILE": str(heure), "FAKETIME_NO_CACHE": "1",
           "DONT_FAKE_MONOTONIC": "1"}  # fmt: skip
    processus = services.lancer(serveur.commande, tmp_path / "valkey.log", env)
    services.attendre_valkey(serveur.url, processus, tmp_path / "valkey.log")
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "participation.socle.bd.cache.CacheOubliable", "LOCATION": serveur.url},
    }
    vraie = time.time

    def regler(secondes):
        """Set every clock, as for a machine whose clock is lost: that of Valkey is read from the file."""
        heure.write_text(f"{secondes:+d}")
        monkeypatch.setattr(time, "time", lambda: vraie() + secondes)
        client = redis.Redis.from_url(serveur.url)
        attendre(lambda: abs(client.time()[0] - time.time()) < 5)

    redemarrer(monkeypatch)
    yield regler
    services.arreter(processus)
    caches["secours"].clear()


def redemarrer(monkeypatch):
    """Forget what this process knows of the clock, as one that has just started."""
    for nom, valeur in {"jusqu_a": 0.0, "ecart": None, "regarde_le": 0.0, "generation": 1}.items():
        monkeypatch.setattr(CacheOubliable, nom, valeur)


def demander(requete, fois):
    """Ask for a code so many times; return whether the last was accepted."""
    return [limites.tenter(requete, "code", "habitante@example.org") is not None for _ in range(fois)][-1]


@pytest.mark.parametrize("redemarre", [False, True], ids=["alive", "started again"])
def test_limits_counted_while_the_clock_was_days_ahead_end_when_it_comes_back(
    valkey_decale, monkeypatch, rf, redemarre
):
    valkey_decale(JOURS)
    assert demander(rf.post("/"), 5)
    assert not demander(rf.post("/"), 1)
    assert caches["default"].add("verrou", 1, 10)

    valkey_decale(0)
    if redemarre:
        redemarrer(monkeypatch)

    assert demander(rf.post("/"), 1), "the limit of that day is not that of today"
    assert caches["default"].add("verrou", 1, 10), "a lock of ten seconds is not held for three days"
    assert demander(rf.post("/"), 4)
    assert not demander(rf.post("/"), 1), "today's limit counts again"


def test_a_clock_set_right_by_seconds_forgets_no_limit(valkey_decale, rf):
    valkey_decale(20)
    assert demander(rf.post("/"), 5)

    valkey_decale(0)

    assert not demander(rf.post("/"), 1)
