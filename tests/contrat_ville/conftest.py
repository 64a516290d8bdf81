"""Fixtures of the Contrat de Ville tests."""

import pytest

from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.models import Programmation, Projet
from participation.socle.models import Compte
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.socle.factories import CompteFactory


@pytest.fixture
def programmation(db: None) -> Programmation:
    """A programmation whose projets are in examination."""
    return ProgrammationFactory(en_instruction=True)


@pytest.fixture
def annee_2026(db: None) -> Programmation:
    """The programmation of the year of the Dauphin files."""
    return ProgrammationFactory(annee=2026)


@pytest.fixture
def projet(db: None) -> Projet:
    """A projet just filed."""
    return ProjetFactory()


@pytest.fixture
def porteuse(db: None) -> Compte:
    return CompteFactory()


@pytest.fixture
def brouillon(porteuse: Compte) -> Projet:
    """A draft just begun by the porteuse."""
    return brouillon_du_depot.commencer(par=porteuse, programmation=ProgrammationFactory(), titre="Un banc")
