"""Votes small enough for ties, exclusions and shortages to be frequent."""

from hypothesis import strategies as st

from contrat_ville.regles.depouillement import Augmentation, ProjetMis, Regle, Utilite, Variante


@st.composite
def votes(dessiner, par_points: bool | None = None):
    """(projects, ballots, variant): small enough for ties, exclusions and shortages to be frequent."""
    nombre = dessiner(st.integers(2, 6))
    projets = [ProjetMis(str(n), dessiner(st.integers(1, 60)), f"Projet {n}") for n in range(1, nombre + 1)]
    points = dessiner(st.booleans()) if par_points is None else par_points
    numeros = st.sampled_from([p.numero for p in projets])
    bulletin = st.dictionaries(numeros, st.integers(1, 4) if points else st.just(1), max_size=4)
    bulletins = [tuple(sorted(b.items())) for b in dessiner(st.lists(bulletin, max_size=14))]
    paires = dessiner(st.lists(st.sets(numeros, min_size=2, max_size=2), max_size=2))
    variante = Variante(
        budget=dessiner(st.integers(60, 160)),
        graine=dessiner(st.sampled_from(["alpha", "beta", "gamma"])),
        regle=dessiner(st.sampled_from(Regle)),
        utilite=dessiner(st.sampled_from(Utilite)),
        augmentation=dessiner(st.sampled_from(Augmentation)),
        completion=dessiner(st.booleans()),
        minimum=dessiner(st.integers(0, 2)),
        incompatibles=frozenset(frozenset(paire) for paire in paires),
    )
    return projets, bulletins, variante
