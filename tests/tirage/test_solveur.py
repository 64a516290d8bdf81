"""What the solver does not know, and where it loses its way."""

from unittest.mock import patch

import highspy
import numpy as np
import pytest

from bench.bassins import bassin_de
from participation.tirage.regles import Bassin, Fourchette
from participation.tirage.selection import solveur
from participation.tirage.selection.faisabilite import est_possible
from participation.tirage.selection.regles import chances_au_mieux, tirer_au_plus_juste
from participation.tirage.selection.solveur import Delai, Programme, TempsEcoule

CATEGORIES = {"genre": "FH", "âge": "123", "secteur": "vpd", "qpv": "on"}
MINIMA = {"F": 8, "H": 7, "1": 3, "2": 7, "3": 4, "v": 5, "p": 6, "d": 3, "o": 3, "n": 12}
MAXIMA = {"F": 9, "H": 8, "1": 4, "2": 9, "3": 5, "v": 6, "p": 8, "d": 4, "o": 4, "n": 13}
PROFILS = (
    "F1pn F1vn F2dn F2do F2pn F2po F2vn F2vo F3dn F3pn F3po F3vn F3vo "
    "H1pn H1vn H2dn H2pn H2vn H2vo H3dn H3pn H3po H3vn"
)
EFFECTIFS = (1, 2, 2, 3, 9, 2, 8, 1, 3, 6, 1, 12, 1, 1, 3, 8, 18, 14, 1, 3, 11, 2, 14)


@pytest.fixture
def perdu():
    """Return a pool, one of four hundred, whose program of the chances ended as « unknown » after its first level."""
    quotas = [Fourchette(c, v, MINIMA[v], MAXIMA[v]) for c, valeurs in CATEGORIES.items() for v in valeurs]
    return Bassin.compte(16, quotas, dict(zip(map(tuple, PROFILS.split()), EFFECTIFS, strict=True)))


def test_a_solver_lost_on_its_way_starts_again_from_nothing(perdu):
    assert tirer_au_plus_juste(perdu).est_prouvee


def test_a_level_that_holds_only_to_the_precision_of_the_solver_makes_no_draw_impossible():
    """One in twenty such pools was said impossible, though a panel keeps every quota."""
    bassin = bassin_de(1000, 60, 7)
    assert est_possible(bassin)
    loterie = tirer_au_plus_juste(bassin)
    assert loterie.est_prouvee
    assert min(loterie.chances) == pytest.approx(0.04154, abs=1e-5)


def test_what_nobody_knows_in_time_is_not_said_impossible(perdu):
    with pytest.raises(TempsEcoule):
        est_possible(perdu, Delai(0))


@pytest.mark.parametrize("demander", [est_possible, chances_au_mieux])
def test_a_solver_that_gives_up_proves_nothing(perdu, demander):
    abandon = patch("highspy.Highs.getModelStatus", return_value=highspy.HighsModelStatus.kSolveError)
    with abandon, pytest.raises(TempsEcoule):
        demander(perdu)


@pytest.mark.parametrize("essais", [0, solveur.ESSAIS])
def test_a_panel_that_cannot_be_rounded_is_searched_whole_and_stays_on_the_face(perdu, monkeypatch, essais):
    monkeypatch.setattr(solveur, "ESSAIS", essais)
    cherches = []
    chercher = Programme.chercher
    monkeypatch.setattr(
        Programme, "chercher", lambda self, *a, **k: cherches.append(1) or chercher(self, *a, **k)
    )
    programme = Programme(perdu, entier=True)
    chances = chances_au_mieux(perdu)
    programme.serrer(chances * programme.n, 1e-7)

    panel = programme.approcher(chances - 0.5)

    assis = programme.compte @ panel
    assert np.array_equal(panel, np.rint(panel))
    assert np.all((assis >= programme.rangs[0]) & (assis <= programme.rangs[1]))
    assert np.all((panel >= programme.bornes[0]) & (panel <= programme.bornes[1]))
    assert bool(cherches) == (essais == 0)
