"""Fixtures of the CCSPL tests."""

from pathlib import Path
from typing import Any

import pytest

from ccspl.models import INSTANCE, Avis, Paragraphe
from participation.socle.models import Compte
from tests.ccspl.factories import AvisFactory, ParagrapheFactory
from tests.seances.factories import CollegeFactory, InstanceFactory, MandatureFactory, MembreFactory


@pytest.fixture
def membre(db: None) -> Compte:
    """A member of the commission in office."""
    mandature = MandatureFactory(instance=InstanceFactory(cle=INSTANCE))
    return MembreFactory(college=CollegeFactory(mandature=mandature)).compte


@pytest.fixture
def avis(agent: Compte, membre: Compte) -> Avis:
    """An avis being written, with a member in office."""
    return AvisFactory(en_redaction=True, agent=agent)


@pytest.fixture
def paragraphe(avis: Avis) -> Paragraphe:
    return ParagrapheFactory(avis=avis, texte="La commission demande un bilan annuel.")


@pytest.fixture
def rangement(settings: Any, tmp_path: Path) -> None:
    """Store files in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
