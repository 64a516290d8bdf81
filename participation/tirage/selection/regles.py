"""A fair draw: the chances of each are raised, the smallest first (leximin). No database, no clock.

Flanigan, Gölz, Gupta, Hennig and Procaccia, « Fair algorithms for selecting citizens' assemblies », Nature 596 (2021), define
the aim: among all lotteries over the panels that keep the quotas, the one whose smallest chance is greatest, then
the second smallest, and so on. The way is ours, in two steps:

1. `chances_au_mieux` solves it for panels in fractions, a small linear program a level. No lottery over real
   panels can do better: this is the bound.
2. `decomposer` writes these chances as a lottery over real panels, and `completer` adds the few panels that it
   could not find. When they succeed, which is nearly always, the bound is reached and the lottery is proved the fairest. When it does not, `generer` looks for the fairest
   lottery panel by panel: it is proved too when it ends in time; otherwise what separates it from the bound is stated.
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from participation.tirage.regles import Bassin
from participation.tirage.selection.solveur import (
    INFINI,
    Delai,
    Impossible,
    Programme,
    TempsEcoule,
    Vecteur,
    moteur,
    resoudre,
)

PRECISION, PRECISION_AU_PLUS = 1e-7, 1e-3
# A chance is told to a tenth of a thousandth; two lotteries closer than this are the same.
EGALES = 1e-5

# Told as the work goes: what is done, and the share of it.
Suivre = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Loterie:
    """A lottery over panels: a weight (they sum to 1) and how many people of each profile sit.

    `chances`: of each profile's people, from 0 to 1. `bornes`: what no lottery can exceed, level by level: the
    sorted vector of chances is compared with the sorted vector of these. `au_mieux`: no lottery gives everybody more.
    `est_achevee`: the search was not stopped by the time.
    """

    poids: tuple[float, ...]
    panels: tuple[tuple[int, ...], ...]
    chances: tuple[float, ...]
    bornes: tuple[float, ...]
    au_mieux: float
    est_achevee: bool

    @property
    def est_prouvee(self) -> bool:
        """Whether nothing fairer exists: the bound is reached at every level."""
        return all(a >= b - EGALES for a, b in zip(self.chances, self.bornes, strict=True))


def ne_rien_dire(quoi: str, part: float) -> None: ...


def tirer_au_plus_juste(bassin: Bassin, suivre: Suivre = ne_rien_dire, delai: Delai | None = None) -> Loterie:
    """Return the fairest lottery over the panels of the pool, or the best that was found in time.

    Raises Impossible if no panel keeps the quotas, TempsEcoule if nobody knows.
    """
    delai = delai or Delai()
    n = np.array(bassin.effectifs)
    premier = Programme(bassin, entier=True, delai=delai).chercher(np.zeros(len(n)))
    bornes = chances_au_mieux(bassin, suivre)
    panels, reste = decomposer(bassin, bornes, suivre, delai.part(0.5))
    au_mieux, est_achevee = float(min(bornes)), True
    if reste > EGALES:
        panels, reste = completer(
            bassin, bornes, [premier, *(panel for _, panel in panels)], suivre, delai.part(0.5)
        )
    if reste > EGALES:
        panels, borne, est_achevee = generer(
            bassin, [premier, *(panel for _, panel in panels)], suivre, delai
        )
        au_mieux = min(au_mieux, borne)
    poids = np.array([part for part, _ in panels])
    tables = np.array([panel for _, panel in panels])
    chances = poids @ tables / poids.sum() / n
    if reste > EGALES and est_achevee:  # no panel was left that raises any level
        bornes, au_mieux = chances, float(min(chances))
    return Loterie(
        tuple(map(float, poids / poids.sum())),
        tuple(tuple(map(int, panel)) for panel in tables),
        tuple(map(float, chances)),
        tuple(map(float, np.maximum(bornes, 0.0))),
        au_mieux,
        est_achevee,
    )


class Niveaux:
    """Leximin, level by level: raise the chance of all who are free, then fix those who hold it back.

    The variable after those of the program is the chance of the free; each profile has one row
    « its people sit at least so often ».
    """

    def __init__(self, h: highspy.Highs, n: Vecteur, variables: int, lignes: int) -> None:
        self.h, self.n, self.chance, self.premiere = h, n, variables, lignes
        self.fixees: dict[int, float] = {}
        self.jeu = PRECISION / 100  # below the level where a profile is fixed

    @property
    def est_fini(self) -> bool:
        return len(self.fixees) == len(self.n)

    @property
    def poids(self) -> Vecteur:
        """How much each profile holds the others back, at the last solution."""
        duales = self.h.getSolution().row_dual
        return np.abs(np.array(duales[self.premiere : self.premiere + len(self.n)]))

    def resoudre(self) -> float:
        """Return the chance of who is free. Raises Impossible.

        A level is known to the precision of the solver: those that were fixed may hold together only within some of it.
        """
        while not resoudre(self.h):
            if not self.fixees or self.jeu > EGALES / 100:
                raise Impossible
            self.jeu *= 10
            for t in self.fixees:
                self._tenir(t)
        return float(self.h.getSolution().col_value[self.chance])

    def fixer(self, niveau: float) -> None:
        libres = [t for t in range(len(self.n)) if t not in self.fixees]
        poids = self.poids * self.n
        # With a chance of 1, nobody holds anybody back: all who are left sit each time.
        tenus = [t for t in libres if poids[t] > PRECISION] if niveau < 1 - PRECISION else libres
        for t in tenus or libres:
            self.fixees[t] = niveau
            self.h.changeCoeff(self.premiere + t, self.chance, 0.0)
            self._tenir(t)

    def _tenir(self, t: int) -> None:
        self.h.changeRowBounds(self.premiere + t, self.n[t] * (self.fixees[t] - self.jeu), INFINI)

    def resultat(self) -> Vecteur:
        return np.array([self.fixees[t] for t in range(len(self.n))])


def chances_au_mieux(bassin: Bassin, suivre: Suivre = ne_rien_dire) -> Vecteur:
    """Return the chances that no lottery can exceed, by profile. Raises Impossible."""
    programme = Programme(bassin, entier=False)
    n, h = programme.n, programme.moteur
    niveaux = Niveaux(h, n, len(n), len(programme.lignes))
    h.addVar(0, 1)
    h.changeColCost(niveaux.chance, 1.0)
    for t, effectif in enumerate(n):
        programme.ajouter([t, niveaux.chance], np.array([1.0, -effectif]), 0.0, INFINI)
    while not niveaux.est_fini:
        niveaux.fixer(niveaux.resoudre())
        suivre("Chances au mieux", len(niveaux.fixees) / len(n))
    return niveaux.resultat()


def decomposer(
    bassin: Bassin, chances: Vecteur, suivre: Suivre = ne_rien_dire, delai: Delai | None = None
) -> tuple[list[tuple[float, Vecteur]], float]:
    """Write these chances as a lottery over panels. Return it, and the share that could not be written.

    Each panel is taken on the smallest face of the quotas that holds what is left, and as much of it as what is
    left can give: one bound more is reached each time, so it ends.
    """
    programme = Programme(bassin, entier=True, delai=delai)
    reste, part, panels = chances * programme.n, 1.0, []
    while part > PRECISION:
        programme.serrer(
            reste, min(PRECISION / part, PRECISION_AU_PLUS)
        )  # what is left is known less and less well
        try:
            panel = programme.approcher(reste / programme.n - 0.5)
        except (Impossible, TempsEcoule):
            break
        pas = programme.portee(reste, panel)
        if pas < PRECISION / 1000:
            break
        panels.append((part * pas, panel))
        part *= 1 - pas
        suivre("Panels", 1 - part)
        if pas >= 1 - PRECISION:
            break
        reste = np.clip((reste - pas * panel) / (1 - pas), 0, programme.n)
    return panels, max(part, 0.0) if not panels or part > PRECISION else 0.0


def completer(
    bassin: Bassin,
    chances: Vecteur,
    connus: list[Vecteur],
    suivre: Suivre = ne_rien_dire,
    delai: Delai | None = None,
) -> tuple[list[tuple[float, Vecteur]], float]:
    """Write these chances as a lottery, adding to the panels known while one lessens what people lack.

    Return it, and the sum of what is lacking: at most EGALES when they are written. It stops as soon as it is known
    that no lottery writes them, or that the time ran out.
    """
    programme = Programme(bassin, entier=True, delai=delai)
    n = programme.n
    dus = chances * n
    h = moteur()
    for t in range(len(n)):  # what the people of each profile lack
        h.addVar(0, INFINI)
        h.changeColCost(t, -1.0)
    h.addRow(1, 1, 0, np.array([], dtype=np.int32), np.array([]))  # the weights sum to 1
    for t, du in enumerate(dus):
        h.addRow(du, INFINI, 1, np.array([t], dtype=np.int32), np.array([1.0]))
    panels: list[Vecteur] = []

    def ajouter(panel: Vecteur) -> None:
        assis = np.flatnonzero(panel)
        rangs = np.array([0, *(assis + 1)], dtype=np.int32)
        h.addCol(0.0, 0.0, 1.0, len(rangs), rangs, np.array([1.0, *panel[assis]]))
        panels.append(panel)

    for panel in connus:
        ajouter(panel)
    while True:
        resoudre(h)
        manque = -h.getInfo().objective_function_value
        suivre("Derniers panels", max(0.0, 1 - manque))
        if manque <= EGALES:
            break
        poids = np.abs(np.array(h.getSolution().row_dual[1:]))
        connu = max(float(poids @ panel) for panel in panels)
        try:
            meilleur = programme.chercher(poids)
            if float(poids @ meilleur) <= connu + PRECISION:
                meilleur = programme.chercher(poids, ecart=1e-6)
        except TempsEcoule:
            break
        # By duality, no lottery leaves less than this lacking.
        if float(poids @ meilleur) <= connu + PRECISION or float(poids @ dus) - programme.majorant > EGALES:
            break
        ajouter(meilleur)
    parts = h.getSolution().col_value[len(n) :]
    return [(part, panel) for part, panel in zip(parts, panels, strict=True) if part > PRECISION], manque


def generer(
    bassin: Bassin, connus: list[Vecteur], suivre: Suivre = ne_rien_dire, delai: Delai | None = None
) -> tuple[list[tuple[float, Vecteur]], float, bool]:
    """Return the fairest lottery by column generation: a panel is added while one raises the level reached.

    With it, a chance that no lottery can give to everybody (Lagrangian bound), and whether it is the fairest: when
    the time runs out, it is the fairest over the panels that were found. `connus` has one panel at least.
    """
    programme = Programme(bassin, entier=True, delai=delai)
    n = programme.n
    panels = list(connus)
    h = moteur()
    h.addVar(0, 1)  # the chance of those who are free
    h.changeColCost(0, 1.0)
    niveaux = Niveaux(h, n, 0, 1)
    h.addRow(1, 1, 0, np.array([], dtype=np.int32), np.array([]))  # the weights sum to 1
    for effectif in n:
        h.addRow(0, INFINI, 1, np.array([0], dtype=np.int32), np.array([-effectif]))

    def ajouter(panel: Vecteur) -> None:
        assis = np.flatnonzero(panel)
        rangs = np.array([0, *(assis + 1)], dtype=np.int32)
        h.addCol(0.0, 0.0, 1.0, len(rangs), rangs, np.array([1.0, *panel[assis]]))

    for panel in panels:
        ajouter(panel)
    au_mieux, est_achevee = 1.0, True
    while not niveaux.est_fini:
        niveau = niveaux.resoudre()
        poids = niveaux.poids
        meilleur = None
        if est_achevee:
            meilleur = _meilleur(programme, poids)
            est_achevee = meilleur is not None
            if not niveaux.fixees and (total := float(poids @ n)) > PRECISION:
                au_mieux = min(au_mieux, max(programme.majorant / total, niveau))
        connu = max(float(poids @ autre) for autre in panels)
        if meilleur is not None and float(poids @ meilleur) > connu + PRECISION:
            panels.append(meilleur)
            ajouter(meilleur)
            continue
        niveaux.fixer(niveau)
        suivre("Niveaux", len(niveaux.fixees) / len(n))
    niveaux.resoudre()
    parts = h.getSolution().col_value[1:]
    retenus = [(part, panel) for part, panel in zip(parts, panels, strict=True) if part > PRECISION]
    return retenus, au_mieux, est_achevee


def _meilleur(programme: Programme, poids: Vecteur) -> Vecteur | None:
    """Return the panel of greatest weight; None when the time runs out before it is known."""
    try:
        return programme.chercher(poids, ecart=1e-6)
    except TempsEcoule:
        return None
