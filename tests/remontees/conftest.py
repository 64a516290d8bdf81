"""Fixtures of the remontées tests."""

import pytest

from participation.socle.models import Compte
from remontees.actions import open311 as actions
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
    return actions.creer_client(par=CompteFactory(agent=True), nom="Fix", courriel="fix@example.org")[1]
