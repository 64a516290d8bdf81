"""Whether quotas can be kept together, and what least change makes them so. No database, no clock."""

from dataclasses import replace

import numpy as np

from participation.tirage.regles import Bassin, Fourchette
from participation.tirage.selection.solveur import Delai, Impossible, Programme


def est_possible(bassin: Bassin, delai: Delai | None = None) -> bool:
    """Whether at least one panel keeps every quota. Raises TempsEcoule."""
    try:
        Programme(bassin, entier=True, delai=delai).chercher(np.zeros(len(bassin.effectifs)))
    except Impossible:
        return False
    return True


def assouplissements(bassin: Bassin, delai: Delai | None = None) -> list[Fourchette]:
    """Return the quotas to change, as they should be, for one panel to be possible; [] when there is no way.

    As few seats as can be are moved; taking one from a small minimum weighs more: it may be all that a group has.
    Raises TempsEcoule.
    """
    programme = Programme(bassin, entier=True, delai=delai)
    moins, plus = ecarter(programme, bassin)
    if not programme.optimiser():
        return []
    trouve = np.rint(programme.moteur.getSolution().col_value).astype(int)
    return [
        replace(quota, minimum=quota.minimum - int(trouve[bas]), maximum=quota.maximum + int(trouve[haut]))
        for quota, bas, haut in zip(bassin.quotas, moins, plus, strict=True)
        if trouve[bas] or trouve[haut]
    ]


def ecarter(programme: Programme, bassin: Bassin) -> tuple[list[int], list[int]]:
    """Let the panels depart from the quotas, at a price. Return the variables that say by how much, below and above."""
    n = len(programme.n)
    programme.moteur.changeColsCost(n, programme.colonnes, np.zeros(n))
    moins, plus = [], []
    for rang, quota in enumerate(bassin.quotas):
        moins.append(
            programme.variable(max(quota.minimum, 0), {rang: 1.0}, prix=1 + 2 / max(quota.minimum, 1))
        )
        plus.append(programme.variable(bassin.places - min(quota.maximum, 0), {rang: -1.0}, prix=1.0))
    return moins, plus
