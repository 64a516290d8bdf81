"""Fixtures of the remontées tests."""

import pytest

from participation.socle.models import Compte
from remontees.open311 import actes as open311
from tests.remontees import dovecot
from tests.remontees.courriels import MX
from tests.remontees.factories import CategorieFactory
from tests.socle.factories import CompteFactory


@pytest.fixture
def referente(db: None) -> Compte:
    """An agent in charge of the discriminations: without one, no remontée is restricted."""
    return CompteFactory(referent=True)


@pytest.fixture
def categorie():
    return CategorieFactory(code="eclairage", nom="Lampadaire éteint", parent=CategorieFactory(nom="Voirie"))


@pytest.fixture
def cle():
    return open311.creer_client(par=CompteFactory(agent=True), nom="Fix", courriel="fix@example.org")[1]


@pytest.fixture(scope="module")
def serveur():
    """A mail server, shared by the tests of a module."""
    lance = dovecot.lancer()
    yield lance
    dovecot.arreter(lance)


@pytest.fixture
def boite_reglee(serveur, settings):
    """The mailbox, empty, and the server whose checks are believed."""
    serveur.vider()
    settings.BOITE_URL, settings.BOITE_SERVEURS = serveur.url, [MX]
    return serveur


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte
