"""Who takes the seats that became free. No database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from participation.tirage.regles import Bassin, Profil
from participation.tirage.selection.faisabilite import ecarter
from participation.tirage.selection.portefeuille import compter
from participation.tirage.selection.solveur import Programme


def remplacer(
    restants: Sequence[str], bassin: Bassin, profil_de: Mapping[str, Profil], reserve: Sequence[str]
) -> list[str]:
    """Return who takes the free seats beside `restants`, in the order of their tickets.

    `reserve`: who waits, by ticket. All the free seats are filled together: of the groups that depart from the quotas
    as little as can be (not at all, most often), the one whose first ticket comes first, then the second, and so on.
    Fewer people than seats come back when the reserve is too short.
    """
    libres = min(bassin.places - len(restants), len(reserve))
    if libres < 1:
        return []
    dus = compter(restants, bassin, profil_de)
    quotas = [
        replace(quota, minimum=quota.minimum - dus[quota], maximum=quota.maximum - dus[quota])
        for quota in bassin.quotas
    ]
    attente = Bassin.de(libres, quotas, [profil_de[numero] for numero in reserve])
    programme = Programme(attente, entier=True)
    moins, plus = ecarter(programme, attente)
    programme.optimiser()
    solution = np.array(programme.moteur.getSolution().col_value)
    ecart = float(np.rint(solution[[*moins, *plus]]).sum())
    programme.ajouter([*moins, *plus], np.ones(len(moins) * 2), 0.0, ecart)
    return _dans_l_ordre(programme, attente, profil_de, reserve, libres)


def _dans_l_ordre(
    programme: Programme,
    attente: Bassin,
    profil_de: Mapping[str, Profil],
    reserve: Sequence[str],
    libres: int,
) -> list[str]:
    """Take each in turn, if the seats that are then left can still be filled as well."""
    entres: list[str] = []
    pris = dict.fromkeys(range(len(attente.profils)), 0)
    fermes: set[int] = set()  # one more of this profile was once too many: so will the next
    for numero in reserve:
        t = attente.profils.index(profil_de[numero])
        if t in fermes or len(entres) == libres:
            continue
        programme.moteur.changeColBounds(t, pris[t] + 1, attente.effectifs[t])
        if programme.optimiser():
            pris[t] += 1
            entres.append(numero)
        else:
            programme.moteur.changeColBounds(t, pris[t], attente.effectifs[t])
            fermes.add(t)
    return entres
