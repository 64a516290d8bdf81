"""Fixtures of the séances tests."""

import pytest

from participation.seances.models import College, ProcesVerbal, Seance
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.socle.models import Compte
from tests.seances.factories import CollegeFactory, ReglementInstanceFactory, SeanceFactory
from tests.seances.seance_tenue import seance_tenue


@pytest.fixture
def seance(db: None) -> Seance:
    """A séance in progress, without anybody present."""
    return SeanceFactory(ouverte=True)


@pytest.fixture
def college(db: None) -> College:
    """A collège of two seats, without members."""
    ReglementInstanceFactory()
    return CollegeFactory(sieges=2, nom="Associations")


@pytest.fixture
def tenue(db: None) -> Seance:
    """A séance that was held."""
    return seance_tenue()


@pytest.fixture
def pv(tenue: Seance, agent: Compte) -> ProcesVerbal:
    return proces_verbaux.rediger_pv(tenue, par=agent)


@pytest.fixture
def soumis(pv: ProcesVerbal, agent: Compte) -> ProcesVerbal:
    proces_verbaux.soumettre_pv(pv, par=agent)
    return pv


@pytest.fixture
def approuve(soumis: ProcesVerbal, agent: Compte) -> ProcesVerbal:
    proces_verbaux.approuver_pv(soumis, par=agent)
    return soumis
