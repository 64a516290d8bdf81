"""What the tests of the petitions share."""

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
    """Open to signatures."""
    return PetitionFactory(en_collecte=True)


@pytest.fixture
def examinee(db: None) -> Petition:
    """The comité must answer in forty days."""
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
    """The process reads the communes again, and what else it keeps."""
    caches["processus"].clear()
    yield
    caches["processus"].clear()
