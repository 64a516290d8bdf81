"""A lottery rounded to a thousand panels of real people, published before the draw. No database, no clock.

Three balls, 000 to 999, then choose one: anybody understands it, and nobody needs to trust the solver, since what is
drawn from is what was published (Flanigan, Kehne and Procaccia, « Fair sortition made transparent », NeurIPS 2021).
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import highspy
import numpy as np

from participation.socle.francais import accorder
from participation.tirage.regles import Bassin, Fourchette, Profil
from participation.tirage.selection.regles import Loterie
from participation.tirage.selection.solveur import INFINI, Vecteur, moteur

PANELS = 1000  # as many as three balls can say
NOEUDS_MAX = 1  # on ten pools, two hundred nodes found no better; a count of nodes, so that it ends alike


def arrondir(loterie: Loterie, combien: int = PANELS) -> list[int]:
    """Return how many times each panel of the lottery is in the portfolio: its weight, rounded up or down.

    Chosen so that who loses most by the rounding loses as little as can be.
    """
    voulus = np.array(loterie.poids) * combien
    bas = np.floor(voulus + 1e-9)
    h = moteur()
    for plancher, voulu in zip(bas, voulus, strict=True):
        h.addVar(plancher, plancher + (1 if voulu > plancher + 1e-9 else 0))
    h.changeColsIntegrality(
        len(bas), np.arange(len(bas), dtype=np.int32), np.full(len(bas), highspy.HighsVarType.kInteger)
    )
    perte = len(bas)
    h.addVar(0, INFINI)
    h.changeColCost(perte, -1.0)
    h.addRow(combien, combien, len(bas), np.arange(len(bas), dtype=np.int32), np.ones(len(bas)))
    tables = np.array(loterie.panels, dtype=float)
    effectifs = tables.max(axis=0, initial=1)
    for t, dus in enumerate(voulus @ tables):
        assis = np.flatnonzero(tables[:, t])
        indices = np.array([*assis, perte], dtype=np.int32)
        h.addRow(dus, INFINI, len(indices), indices, np.array([*tables[assis, t], float(effectifs[t])]))
    h.setOptionValue("mip_max_nodes", NOEUDS_MAX)
    h.run()
    trouves = np.rint(h.getSolution().col_value[:perte]).astype(int)
    return (
        [int(fois) for fois in trouves]
        if trouves.sum() == combien
        else _aux_plus_forts_restes(voulus, combien)
    )


def _aux_plus_forts_restes(voulus: Vecteur, combien: int) -> list[int]:
    bas = np.floor(voulus).astype(int)
    for rang in np.argsort(bas - voulus)[: combien - bas.sum()]:
        bas[rang] += 1
    return [int(fois) for fois in bas]


def composer(
    loterie: Loterie, bassin: Bassin, ordre: Mapping[Profil, Sequence[str]]
) -> list[tuple[str, ...]]:
    """Return the portfolio: the numbers of the people of each panel, sorted.

    `ordre`: the people of each profile, by ticket. They sit in turn, so that two people of one profile sit as often
    as each other, to within one panel.
    """
    fois = arrondir(loterie)
    prochains: Counter[Profil] = Counter()
    panels = []
    for panel in _meles(fois):
        assis: list[str] = []
        for profil, places in zip(bassin.profils, loterie.panels[panel], strict=True):
            siens, debut = ordre[profil], prochains[profil]
            assis += [siens[(debut + i) % len(siens)] for i in range(places)]
            prochains[profil] += places
        panels.append(tuple(sorted(assis)))
    return panels


def _meles(fois: Sequence[int]) -> list[int]:
    """Return each panel as many times as said, spread evenly: those who follow one another differ."""
    rangs = [(rang + 0.5) / nombre for nombre in fois for rang in range(nombre)]
    lesquels = [panel for panel, nombre in enumerate(fois) for _ in range(nombre)]
    return [panel for _, panel in sorted(zip(rangs, lesquels, strict=True))]


def fautes_du_portefeuille(
    panels: Sequence[Sequence[str]], bassin: Bassin, profil_de: Mapping[str, Profil]
) -> list[str]:
    """Return, in sentences, what is wrong in a portfolio: no solver is asked."""
    trouvees = []
    if len(panels) != PANELS:
        trouvees.append(f"Il y a {accorder(len(panels), 'panel')} au lieu de {PANELS}.")
    for rang, panel in enumerate(panels):
        if len(set(panel)) != bassin.places:
            trouvees.append(
                f"Panel {rang:03} : {accorder(len(set(panel)), 'personne')} au lieu de {bassin.places}."
            )
        trouvees += [f"Panel {rang:03} : {faute}" for faute in hors_quotas(panel, bassin, profil_de)]
    return trouvees


def hors_quotas(panel: Sequence[str], bassin: Bassin, profil_de: Mapping[str, Profil]) -> list[str]:
    """Return the quotas that this panel does not keep, in sentences."""
    return [
        f"{quota} : {assis} pour {quota.bornes}."
        for quota, assis in compter(panel, bassin, profil_de).items()
        if not quota.minimum <= assis <= quota.maximum
    ]


def compter(panel: Sequence[str], bassin: Bassin, profil_de: Mapping[str, Profil]) -> dict[Fourchette, int]:
    rangs = {categorie: rang for rang, categorie in enumerate(bassin.categories)}
    presents = Counter((rang, profil_de[numero][rang]) for numero in panel for rang in rangs.values())
    return {quota: presents[rangs[quota.categorie], quota.valeur] for quota in bassin.quotas}


def chances(panels: Sequence[Sequence[str]]) -> Counter[str]:
    """Return in how many panels each person sits: her chances, out of the panels."""
    return Counter(numero for panel in panels for numero in panel)
