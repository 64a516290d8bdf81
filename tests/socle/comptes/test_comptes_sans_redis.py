"""Redis may be lost: nobody sees an error page for it."""

import pytest
from django.test import Client
from django.urls import reverse

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.cache import CacheOubliable
from participation.socle.models import Courriel

PERDU = "redis://127.0.0.1:1/0"


def test_a_cache_that_does_not_answer_holds_nothing():
    perdu = CacheOubliable(PERDU, {})

    perdu.set("cle", "valeur")
    assert perdu.get("cle") is None
    assert perdu.get("cle", "autre") == "autre"
    assert perdu.add("cle", "valeur") is True
    assert perdu.delete("cle") is False


@pytest.mark.django_db
def test_one_still_asks_for_a_code_while_redis_is_lost(monkeypatch):
    ouvrir_compte("alma@example.org")
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", CacheOubliable(PERDU, {}))

    reponse = Client().post(reverse("account_request_login_code"), {"email": "alma@example.org", "next": ""})

    assert (reponse.status_code, reponse["Location"]) == (302, reverse("account_confirm_login_code"))
    assert [c.destinataires for c in Courriel.objects.all()] == [["alma@example.org"]]
