"""A linear program on the panels of a pool, by HiGHS. The only module that knows the solver.

One integer variable for each profile: how many of its people sit. People of one profile are alike for every
quota, so they share their chances, and a pool of two thousand people with three profiles has three variables.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import highspy
import numpy as np

from participation.tirage.regles import Bassin

Vecteur: TypeAlias = Any  # an array of floats, one a profile: mypy does not read numpy
INFINI = highspy.kHighsInf
LIBRES = (60, 200, 600)  # profiles rounded around the best panel in fractions, a few then more
ESSAIS = 100  # programs in fractions solved to round them
EXACT = 1e-6  # a number of people this near to a whole number is whole


# What proves that nothing keeps the rows: every variable has bounds.
IMPOSSIBLES = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
SUS = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kTimeLimit, *IMPOSSIBLES)


class Impossible(Exception):
    """No panel keeps what is asked."""


class TempsEcoule(Exception):
    """The time that was given ran out before the answer: nobody knows."""


class Delai:
    """So many seconds from now, shared by all that is solved for one answer. Without end by default."""

    def __init__(self, secondes: float = INFINI) -> None:
        self.fin = time.monotonic() + secondes

    @property
    def reste(self) -> float:
        return max(self.fin - time.monotonic(), 0.0)

    def part(self, fraction: float) -> "Delai":
        """Return a delay of this share of what is left."""
        return Delai(self.reste * fraction)


class Programme:
    """Panels of a pool, whole (`entier`) or in fractions. Rows: each quota, then the seats."""

    def __init__(self, bassin: Bassin, *, entier: bool, delai: Delai | None = None) -> None:
        self.delai = delai or Delai()
        self.n = np.array(bassin.effectifs, dtype=float)
        self.minima = np.array([*(quota.minimum for quota in bassin.quotas), bassin.places], dtype=float)
        self.maxima = np.array([*(quota.maximum for quota in bassin.quotas), bassin.places], dtype=float)
        self.lignes = [*map(bassin.concernes, bassin.quotas), list(range(len(self.n)))]
        self.compte = np.zeros((len(self.lignes), len(self.n)))
        for rang, concernes in enumerate(self.lignes):
            self.compte[rang, concernes] = 1
        self.moteur = moteur()
        self.bornes = np.zeros(len(self.n)), self.n
        self.rangs = self.minima, self.maxima
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
        """Solve with the costs in place, exactly. Return whether there is a solution. Raises TempsEcoule."""
        self.moteur.setOptionValue("mip_rel_gap", 1e-6)
        return self._lancer()

    def _lancer(self) -> bool:
        if self.delai.fin < INFINI:
            self.moteur.setOptionValue("time_limit", self.delai.reste)
        return resoudre(self.moteur)

    def chercher(self, poids: Vecteur, *, ecart: float = 0.01) -> Vecteur:
        """Return the panel of greatest total weight, within `ecart` (a share). Raises Impossible, TempsEcoule."""
        self.moteur.setOptionValue("mip_rel_gap", ecart)
        self.moteur.changeColsCost(len(self.n), self.colonnes, np.array(poids, dtype=float))
        if not self._lancer():
            raise Impossible
        return np.array(np.rint(self.moteur.getSolution().col_value[: len(self.n)]))

    def approcher(self, poids: Vecteur) -> Vecteur:
        """Return a panel of great total weight, much sooner than `chercher`. Raises Impossible, TempsEcoule.

        The best panel in fractions says how many people of nearly every profile sit: only the profiles that it leaves
        undecided, or that would cost it least, are rounded; all are searched whole when these do not suffice.
        """
        self.moteur.setOptionValue("solve_relaxation", True)
        try:
            entiers, couts = self._en_fractions(poids)
        finally:
            self.moteur.setOptionValue("solve_relaxation", False)
        ordre = np.argsort(couts, kind="stable")
        for libres in LIBRES:
            if (panel := self._arrondir(poids, entiers, ordre[:libres])) is not None:
                return panel
        return self.chercher(poids, ecart=0.02)

    def _en_fractions(self, poids: Vecteur) -> tuple[Vecteur, Vecteur]:
        """Return the best panel in fractions, rounded, and what moving each profile from there would cost."""
        self.moteur.changeColsCost(len(self.n), self.colonnes, np.array(poids, dtype=float))
        if not self._lancer():
            raise Impossible
        solution = self.moteur.getSolution()
        places = np.array(solution.col_value[: len(self.n)])
        entiers = np.rint(places)
        couts = np.abs(np.array(solution.col_dual[: len(self.n)]))
        couts[np.equal(*self.bornes)] = INFINI
        return entiers, np.where(np.abs(places - entiers) > EXACT, -1.0, couts)

    def _arrondir(self, poids: Vecteur, entiers: Vecteur, libres: Vecteur) -> Vecteur | None:
        """Return a panel of great weight where all but the `libres` keep their `entiers`, or None after ESSAIS.

        While people sit in part, one more of them sits, of the profile that is nearest to it; one less when no panel
        follows. Each time a small program in fractions, which starts from the last.
        """
        panel = entiers.copy()
        panel[libres] = 0
        assis = self.compte @ panel
        rangs = [borne - assis for borne in self.rangs]
        h = _petit(poids[libres], self.compte[:, libres], rangs)
        colonnes = np.arange(len(libres), dtype=np.int32)
        a_essayer = [tuple(borne[libres] for borne in self.bornes)]
        for _ in range(ESSAIS):
            if not a_essayer:
                return None
            bas, haut = a_essayer.pop()
            h.changeColsBounds(len(libres), colonnes, bas, haut)
            if not resoudre(h):
                continue
            places = np.array(h.getSolution().col_value)
            dessous = np.floor(places + EXACT)
            choisi = int(np.argmax(places - dessous))
            if places[choisi] <= dessous[choisi] + EXACT:
                panel[libres] = dessous
                return panel
            limite = np.arange(len(libres)) == choisi
            a_essayer += [(bas, np.where(limite, dessous, haut)), (np.where(limite, dessous + 1, bas), haut)]
        return None

    @property
    def majorant(self) -> float:
        """What no panel exceeds for the weights of the last search, even one stopped by the time."""
        return float(self.moteur.getInfo().mip_dual_bound)

    def serrer(self, vers: Vecteur, precision: float) -> None:
        """Keep only the panels on the smallest face that holds the point `vers`: what is at its bound stays there."""
        bas = np.where(vers >= self.n - precision, self.n, 0.0)
        haut = np.where(vers <= precision, 0.0, self.n)
        self.moteur.changeColsBounds(len(self.n), self.colonnes, bas, haut)
        self.bornes = bas, haut
        compte = self.compte @ vers
        bas = np.where(compte >= self.maxima - precision, self.maxima, self.minima)
        haut = np.where(compte <= self.minima + precision, self.minima, self.maxima)
        self.moteur.changeRowsBounds(len(bas), np.arange(len(bas), dtype=np.int32), bas, haut)
        self.rangs = bas, haut

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


def resoudre(h: highspy.Highs) -> bool:
    """Solve as things stand. Return whether there is a solution. Raises TempsEcoule."""
    h.run()
    if h.getModelStatus() not in SUS:  # lost on the way from the last solution: once more, from nothing
        h.clearSolver()
        h.run()
    if h.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return True
    if h.getModelStatus() in IMPOSSIBLES:
        return False
    raise TempsEcoule  # out of time, or of what the solver can do: nobody knows


def _petit(poids: Vecteur, compte: Vecteur, rangs: Sequence[Vecteur]) -> highspy.Highs:
    """Return a program in fractions with these costs and rows of ones (dense), and these bounds of the rows."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = compte.shape
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = poids
    lp.col_lower_ = lp.col_upper_ = np.zeros(len(poids))
    lp.row_lower_, lp.row_upper_ = rangs
    colonnes, lignes = np.nonzero(compte.T)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(colonnes, np.arange(len(poids) + 1))
    lp.a_matrix_.index_ = lignes
    lp.a_matrix_.value_ = np.ones(len(lignes))
    h = moteur()
    h.passModel(lp)
    return h


def _pas(marge: Vecteur, prise: Vecteur) -> float:
    touches = prise > 0
    return float(np.min(marge[touches] / prise[touches], initial=1.0))


def moteur() -> highspy.Highs:
    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("threads", 1)
    h.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return h
