"""What the tests of the Contrat de Ville share."""

import pytest

from contrat_ville.actions import depot
from contrat_ville.models import Programmation, Projet
from participation.socle.models import Compte
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.socle.factories import CompteFactory


@pytest.fixture
def programmation(db: None) -> Programmation:
    """Its projets are being examined."""
    return ProgrammationFactory(en_instruction=True)


@pytest.fixture
def annee_2026(db: None) -> Programmation:
    """Of the year of the files from Dauphin."""
    return ProgrammationFactory(annee=2026)


@pytest.fixture
def projet(db: None) -> Projet:
    """Just filed."""
    return ProjetFactory()


@pytest.fixture
def porteuse(db: None) -> Compte:
    return CompteFactory()


@pytest.fixture
def brouillon(porteuse: Compte) -> Projet:
    """Hers, only begun."""
    return depot.commencer(par=porteuse, programmation=ProgrammationFactory(), titre="Un banc")
