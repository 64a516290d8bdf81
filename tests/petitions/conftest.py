"""Fixtures of the pétitions tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches

from participation.socle.actions import fixer_echeance
from petitions.models import Petition
from tests.outils import jour
from tests.petitions.examen import DELAI
from tests.petitions.factories import CoPetitionnaireFactory, PetitionFactory


@pytest.fixture
def petition(db: None) -> Petition:
    """A pétition open to signatures."""
    return PetitionFactory(en_collecte=True)


@pytest.fixture
def examinee(db: None) -> Petition:
    """A pétition in examination, with an answer of the comité due in forty days."""
    petition = PetitionFactory(deposee=True)
    CoPetitionnaireFactory(petition=petition, confirme=True)
    fixer_echeance(
        petition,
        "recevabilite",
        libelle="Répondre sur la recevabilité",
        date_limite=jour(DELAI),
        est_legale=True,
        rappels=[30, 15, 7],
    )
    return petition


@pytest.fixture
def referentiel_relu() -> Iterator[None]:
    """Clear the cache of the process: communes and settings are read again."""
    caches["processus"].clear()
    yield
    caches["processus"].clear()
