"""Fixtures of the accounts tests: sign-in codes are read in the letters, as by their recipient."""

import re
import time
from collections.abc import Callable

import pytest
from django.test import Client

from participation.socle.models import Compte, Courriel


@pytest.fixture(autouse=True)
def limites_a_part(settings) -> None:
    """Count attempts in the memory of this process, so that other processes cannot change the counts."""
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "comptes"},
    }
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def boite(settings) -> None:
    """Use the email backend of the site, which Django replaces in tests."""
    settings.EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"


@pytest.fixture(autouse=True)
def accueil(settings) -> None:
    settings.ACCUEIL_RESIDENT = "socle:mon_compte"


def dernier_code(courriel: str) -> str:
    lettre = Courriel.objects.filter(destinataires=[courriel]).first()
    assert lettre is not None, f"aucune lettre à {courriel}"
    trouve = re.search(r"^\d{6}$", lettre.corps, re.M)
    assert trouve, lettre.corps
    return trouve[0]


def par_un_code(client: Client, il_y_a: int = 0) -> None:
    """Have the session of `force_login` opened by a code of the mailbox, so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - il_y_a}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


@pytest.fixture
def entrer() -> Callable[[Client, str], Compte]:
    """Sign in with a code, as a visitor does."""

    def _entrer(client: Client, courriel: str) -> Compte:
        client.post("/comptes/login/code/", {"email": courriel})
        client.post("/comptes/login/code/confirm/", {"code": dernier_code(courriel)})
        return Compte.objects.get(pk=client.session["_auth_user_id"])

    return _entrer
