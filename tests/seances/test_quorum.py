"""Quorum as a pure function: table of cases, then properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.seances.presence.regles import SANS_MEMBRE, SANS_SIEGE, Corps, RegleQuorum, calculer
from participation.seances.regles import combien
from participation.seances.workflow import Part


@pytest.mark.parametrize(
    ("part", "sur", "attendu"),
    [
        (Part.AUCUNE, 47, 0),
        (Part.TIERS, 47, 16),
        (Part.TIERS, 48, 16),
        (Part.MOITIE, 47, 24),
        (Part.MOITIE, 48, 24),
        (Part.MAJORITE, 47, 24),
        (Part.MAJORITE, 48, 25),
        (Part.DEUX_TIERS, 47, 32),
        (Part.DEUX_TIERS, 48, 32),
        (Part.UNANIMITE, 12, 12),
        (Part.MOITIE, 1, 1),
        (Part.MOITIE, 0, 1),
        (Part.MAJORITE, 0, 1),
    ],
)
def test_a_share_is_a_whole_number_of_people(part, sur, attendu):
    assert combien(part, sur) == attendu


def corps(nom="Habitants", exercice=10, presents=0, distance=0, pouvoirs=0, sieges=None, vote=True, cle=1):
    return Corps(
        cle, nom, sieges if sieges is not None else exercice, exercice, presents, distance, pouvoirs, vote
    )


CAS = [
    # règlement, collèges, reached, sentence
    (RegleQuorum(), [corps(exercice=47, presents=29)], True, "Atteint : 29 sur 24 nécessaires."),
    (RegleQuorum(), [corps(exercice=47, presents=23)], False, "Il manque 1 membre."),
    (
        RegleQuorum(),
        [corps(exercice=47, presents=18, distance=9, pouvoirs=2)],
        True,
        "Atteint : 29 sur 24 nécessaires.",
    ),
    (
        RegleQuorum(distance_compte=False),
        [corps(exercice=47, presents=18, distance=9)],
        False,
        "Il manque 6 membres.",
    ),
    (
        RegleQuorum(pouvoirs_comptent=False),
        [corps(exercice=20, presents=9, pouvoirs=4)],
        False,
        "Il manque 1 membre.",
    ),
    (RegleQuorum(base="sieges"), [corps(exercice=10, sieges=20, presents=9)], False, "Il manque 1 membre."),
    (
        RegleQuorum(base="en_exercice"),
        [corps(exercice=10, sieges=20, presents=5)],
        True,
        "Atteint : 5 sur 5 nécessaires.",
    ),
    (
        RegleQuorum(part=Part.UNANIMITE),
        [corps(exercice=1, presents=1)],
        True,
        "Atteint : 1 sur 1 nécessaire.",
    ),
    (
        RegleQuorum(),
        [corps(exercice=10, presents=1), corps("Experts", 10, presents=9, vote=False, cle=2)],
        False,
        "Il manque 4 membres.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Élus", 7, presents=7), corps("Habitants", 20, presents=9, cle=2)],
        False,
        "Il manque 1 membre, dont 1 habitant.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Associations", 20, presents=8, cle=1), corps("Habitants", 20, presents=9, cle=2)],
        False,
        "Il manque 3 membres, dont 2 associations et 1 habitant.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Élus du territoire", 10, presents=2), corps("Habitants", 10, presents=10, cle=2)],
        False,
        "Il manque 3 membres, dont 3 du collège « Élus du territoire ».",
    ),
    # An empty collège does not prevent every séance.
    (
        RegleQuorum(par_college=True),
        [corps("Élus", 0, sieges=7), corps("Habitants", 10, presents=5, cle=2)],
        True,
        "Atteint : 5 sur 5 nécessaires.",
    ),
    (
        RegleQuorum(est_exige=False),
        [corps(exercice=47, presents=2)],
        True,
        "2 membres présents ou représentés. Aucun quorum n’est exigé : c’est une seconde convocation.",
    ),
    (
        RegleQuorum(part=Part.AUCUNE),
        [corps(exercice=47, presents=1)],
        True,
        "1 membre présent ou représenté. Aucun quorum n’est exigé.",
    ),
    # No members in office: nothing can be decided.
    (RegleQuorum(), [corps(exercice=0)], False, SANS_MEMBRE),
    (RegleQuorum(par_college=True), [corps(exercice=0, sieges=7)], False, SANS_MEMBRE),
    (RegleQuorum(), [], False, SANS_SIEGE),
]


@pytest.mark.parametrize(("regle", "bodies", "atteint", "phrase"), CAS)
def test_the_quorum_of_each_case(regle, bodies, atteint, phrase):
    quorum = calculer(bodies, regle)

    assert (quorum.est_atteint, quorum.phrase) == (atteint, phrase)


CORPS = st.lists(
    st.builds(
        lambda cle, exercice, vides, tenus, vote: Corps(
            cle, f"Collège {cle}", exercice + vides, exercice, *_repartir(exercice, tenus), vote
        ),
        st.integers(1, 1000),
        st.integers(0, 30),
        st.integers(0, 10),
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda c: c.cle,
)


REGLES = st.builds(
    RegleQuorum,
    st.sampled_from(list(Part)),
    st.sampled_from(["en_exercice", "sieges"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def _repartir(exercice, tenus):
    presents = min(exercice, tenus[0])
    distance = min(exercice - presents, tenus[1])
    return presents, distance, min(exercice - presents - distance, tenus[2])


@given(CORPS, REGLES, st.integers(0, 3))
def test_one_more_present_never_breaks_a_quorum(bodies, regle, rang):
    if not bodies:
        return
    avant = calculer(bodies, regle)
    choisi = bodies[rang % len(bodies)]
    plus = Corps(
        choisi.cle,
        choisi.nom,
        choisi.sieges,
        choisi.en_exercice,
        choisi.presents + 1,
        choisi.a_distance,
        choisi.pouvoirs,
        choisi.a_le_vote,
    )
    apres = calculer([plus if c is choisi else c for c in bodies], regle)

    assert apres.manque <= avant.manque
    assert apres.est_atteint or not avant.est_atteint


@given(CORPS, REGLES)
def test_everybody_there_is_always_enough(bodies, regle):
    tous = [Corps(c.cle, c.nom, c.sieges, c.en_exercice, c.en_exercice, 0, 0, c.a_le_vote) for c in bodies]
    quorum = calculer(tous, RegleQuorum(regle.part, "en_exercice", regle.par_college))

    assert quorum.est_atteint or not any(c.a_le_vote and c.en_exercice for c in tous)


@given(CORPS, REGLES)
def test_what_is_missing_once_there_makes_the_quorum(bodies, regle):
    quorum = calculer(bodies, regle)
    votants = [c for c in bodies if c.a_le_vote]
    if quorum.est_atteint or not votants:
        return
    ajouts = {ligne.cle: ligne.manque for ligne in quorum.par_corps}
    reste = quorum.manque - sum(ajouts.values())
    ajouts[votants[0].cle] += max(0, reste)
    combles = [
        Corps(
            c.cle,
            c.nom,
            c.sieges,
            c.en_exercice,
            c.presents + ajouts.get(c.cle, 0),
            c.a_distance,
            c.pouvoirs,
            c.a_le_vote,
        )
        for c in bodies
    ]

    assert calculer(combles, regle).est_atteint
