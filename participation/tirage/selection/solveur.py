"""A linear program on the panels of a pool, by HiGHS. The only module that knows the solver.

One integer variable for each profile: how many of its people sit. People of one profile are alike for every
quota, so they share their chances, and a pool of two thousand people with three profiles has three variables.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import highspy
import numpy as np

from participation.tirage.regles.quotas import Bassin

Vecteur: TypeAlias = Any  # an array of floats, one a profile: mypy does not read numpy
INFINI = highspy.kHighsInf


class Impossible(Exception):
    """No panel keeps what is asked."""


class Programme:
    """Panels of a pool, whole (`entier`) or in fractions. Rows: each quota, then the seats."""

    def __init__(self, bassin: Bassin, *, entier: bool) -> None:
        self.n = np.array(bassin.effectifs, dtype=float)
        self.minima = np.array([*(quota.minimum for quota in bassin.quotas), bassin.places], dtype=float)
        self.maxima = np.array([*(quota.maximum for quota in bassin.quotas), bassin.places], dtype=float)
        self.lignes = [*map(bassin.concernes, bassin.quotas), list(range(len(self.n)))]
        self.compte = np.zeros((len(self.lignes), len(self.n)))
        for rang, concernes in enumerate(self.lignes):
            self.compte[rang, concernes] = 1
        self.moteur = moteur()
        for effectif in self.n:
            self.moteur.addVar(0, effectif)
        if entier:
            self._rendre_entier()
        for concernes, minimum, maximum in zip(self.lignes, self.minima, self.maxima, strict=True):
            self.ajouter(concernes, np.ones(len(concernes)), minimum, maximum)

    @property
    def colonnes(self) -> Vecteur:
        return np.arange(len(self.n), dtype=np.int32)

    def _rendre_entier(self) -> None:
        genres = np.full(len(self.n), highspy.HighsVarType.kInteger)
        self.moteur.changeColsIntegrality(len(self.n), self.colonnes, genres)
        # Any good panel will do: the proof that nothing better exists comes from the bound, not from here.
        self.moteur.setOptionValue("mip_rel_gap", 0.01)

    def ajouter(self, variables: Sequence[int], poids: Vecteur, minimum: float, maximum: float) -> None:
        indices = np.array(variables, dtype=np.int32)
        self.moteur.addRow(minimum, maximum, len(indices), indices, np.array(poids, dtype=float))

    def variable(self, maximum: float, lignes: Mapping[int, float], *, prix: float) -> int:
        """Add an integer variable from 0 to `maximum`, with its weight in some rows. Return its index."""
        index = int(self.moteur.getNumCol())
        self.moteur.addVar(0, maximum)
        self.moteur.changeColIntegrality(index, highspy.HighsVarType.kInteger)
        self.moteur.changeColCost(index, -prix)
        for ligne, poids in lignes.items():
            self.moteur.changeCoeff(ligne, index, poids)
        return index

    def optimiser(self) -> bool:
        """Solve with the costs in place, exactly. Return whether there is a solution."""
        self.moteur.setOptionValue("mip_rel_gap", 1e-6)
        self.moteur.run()
        return bool(self.moteur.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def chercher(self, poids: Vecteur, *, ecart: float = 0.01) -> Vecteur:
        """Return the panel of greatest total weight, within `ecart` (a share). Raises Impossible."""
        self.moteur.setOptionValue("mip_rel_gap", ecart)
        self.moteur.changeColsCost(len(self.n), self.colonnes, np.array(poids, dtype=float))
        self.moteur.run()
        if self.moteur.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Impossible
        return np.array(np.rint(self.moteur.getSolution().col_value[: len(self.n)]))

    def serrer(self, vers: Vecteur, precision: float) -> None:
        """Keep only the panels on the smallest face that holds the point `vers`: what is at its bound stays there."""
        bas = np.where(vers >= self.n - precision, self.n, 0.0)
        haut = np.where(vers <= precision, 0.0, self.n)
        self.moteur.changeColsBounds(len(self.n), self.colonnes, bas, haut)
        for rang, valeur in enumerate(self.compte @ vers):
            minimum, maximum = self.minima[rang], self.maxima[rang]
            self.moteur.changeRowBounds(
                rang,
                maximum if valeur >= maximum - precision else minimum,
                minimum if valeur <= minimum + precision else maximum,
            )

    def portee(self, depuis: Vecteur, panel: Vecteur) -> float:
        """Return the greatest share of `panel` in the point `depuis`, so that what is left keeps every bound."""
        compte, siens = self.compte @ depuis, self.compte @ panel
        return min(
            1.0,
            _pas(depuis, panel),
            _pas(self.n - depuis, self.n - panel),
            _pas(compte - self.minima, siens - self.minima),
            _pas(self.maxima - compte, self.maxima - siens),
        )


def _pas(marge: Vecteur, prise: Vecteur) -> float:
    touches = prise > 0
    return float(np.min(marge[touches] / prise[touches], initial=1.0))


def moteur() -> highspy.Highs:
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return h
