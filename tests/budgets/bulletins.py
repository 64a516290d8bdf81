"""Hypothesis strategies of votes small enough for ties, exclusions and shortages to be frequent."""

from functools import cache

from hypothesis import strategies as st

from participation.budgets.depouillement import Augmentation, ProjetMis, Regle, Utilite, Variante

ENTRE = {bornes: st.integers(*bornes) for bornes in ((0, 2), (1, 60), (2, 6), (60, 160))}
GRAINES = st.sampled_from(["alpha", "beta", "gamma"])
REGLES, UTILITES, AUGMENTATIONS = map(st.sampled_from, (Regle, Utilite, Augmentation))


# Made once: checking a strategy took as long as drawing from it.
@cache
def _bulletins(nombre: int, points: bool):
    numeros = st.sampled_from([str(n) for n in range(1, nombre + 1)])
    bulletin = st.dictionaries(numeros, st.integers(1, 4) if points else st.just(1), max_size=4)
    return st.lists(bulletin, max_size=14), st.lists(st.sets(numeros, min_size=2, max_size=2), max_size=2)


@st.composite
def votes(dessiner, par_points: bool | None = None):
    """Strategy of (projects, ballots, variant)."""
    nombre = dessiner(ENTRE[2, 6])
    projets = [ProjetMis(str(n), dessiner(ENTRE[1, 60]), f"Projet {n}") for n in range(1, nombre + 1)]
    points = dessiner(st.booleans()) if par_points is None else par_points
    poses, incompatibles = _bulletins(nombre, points)
    bulletins = [tuple(sorted(b.items())) for b in dessiner(poses)]
    paires = dessiner(incompatibles)
    variante = Variante(
        budget=dessiner(ENTRE[60, 160]),
        graine=dessiner(GRAINES),
        regle=dessiner(REGLES),
        utilite=dessiner(UTILITES),
        augmentation=dessiner(AUGMENTATIONS),
        completion=dessiner(st.booleans()),
        minimum=dessiner(ENTRE[0, 2]),
        incompatibles=frozenset(frozenset(paire) for paire in paires),
    )
    return projets, bulletins, variante
