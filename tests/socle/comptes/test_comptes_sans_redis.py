"""Loss of Redis: no error page, and attempts are still limited."""

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse

from participation.renouvellement.models import Campagne
from participation.renouvellement.public import trop_de_demandes
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.bd.cache import CacheOubliable
from participation.socle.models import Courriel

PERDU = "redis://127.0.0.1:1/0"
MOT_DE_PASSE = "trois-marmottes-au-soleil"


@pytest.fixture
def sans_redis(monkeypatch):
    caches["secours"].clear()
    monkeypatch.setattr(CacheOubliable, "jusqu_a", 0.0)
    perdu = CacheOubliable(PERDU, {})
    for module in ("allauth.core.internal.ratelimit", "participation.renouvellement.public"):
        monkeypatch.setattr(f"{module}.cache", perdu)
    yield perdu
    caches["secours"].clear()


def test_a_cache_that_does_not_answer_keeps_what_it_is_given_in_the_process(sans_redis):
    assert sans_redis.get("cle", "autre") == "autre"
    sans_redis.set("cle", "valeur")
    assert sans_redis.get("cle") == "valeur"
    assert sans_redis.add("cle", "valeur") is False
    assert sans_redis.delete("cle") is True
    assert sans_redis.add("nombre", 0) is True
    assert sans_redis.incr("nombre") == 1


@pytest.mark.django_db
def test_wrong_passwords_are_counted_while_redis_is_lost_and_hold_their_network_alone(sans_redis):
    compte = ouvrir_compte("alma@example.org")
    compte.set_password(MOT_DE_PASSE)
    compte.save()

    def essayer(reseau, mot_de_passe):
        navigateur = Client(REMOTE_ADDR=f"203.0.{reseau}.7")
        page = navigateur.post(
            reverse("socle:mot_de_passe"), {"login": "alma@example.org", "password": mot_de_passe}
        )
        return page, "_auth_user_id" in navigateur.session

    for _ in range(5):
        page, _ = essayer(113, "mauvais")
        assert "Trop d’essais" not in page.content.decode()

    page, entre = essayer(113, MOT_DE_PASSE)
    assert "Trop d’essais" in page.content.decode()
    assert not entre
    assert essayer(114, MOT_DE_PASSE)[1]


@pytest.mark.django_db
def test_one_still_asks_for_a_code_while_redis_is_lost(sans_redis):
    ouvrir_compte("alma@example.org")

    reponse = Client().post(reverse("account_request_login_code"), {"email": "alma@example.org", "next": ""})

    assert (reponse.status_code, reponse["Location"]) == (302, reverse("account_confirm_login_code"))
    assert [c.destinataires for c in Courriel.objects.all()] == [["alma@example.org"]]


@pytest.mark.django_db
def test_candidatures_are_counted_while_redis_is_lost(sans_redis):
    campagne = Campagne(pk=1, demandes_par_heure=2)
    demande = RequestFactory().post("/candidater/")
    assert [trop_de_demandes(demande, campagne) for _ in range(3)] == [False, False, True]
