"""What the tests of the remontées share."""

import pytest

from participation.socle.models import Compte
from remontees.actions import open311 as actions
from tests.remontees.factories import CategorieFactory
from tests.socle.factories import CompteFactory


@pytest.fixture
def referente(db: None) -> Compte:
    """Reads the discriminations: without her, none is put apart."""
    return CompteFactory(referent=True)


@pytest.fixture
def categorie():
    return CategorieFactory(code="eclairage", nom="Lampadaire éteint", parent=CategorieFactory(nom="Voirie"))


@pytest.fixture
def cle():
    return actions.creer_client(par=CompteFactory(agent=True), nom="Fix", courriel="fix@example.org")[1]
