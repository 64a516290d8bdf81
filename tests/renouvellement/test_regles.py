"""Arithmetic of a selection, without a database."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.renouvellement.classement import moyenne, quitte_le_classement
from participation.renouvellement.comite import repartir
from participation.renouvellement.equilibre import pourcent


@pytest.mark.parametrize(
    ("notes", "attendue"),
    [
        ([(4, 1)], "4.00"),
        ([(5, 2), (2, 1)], "4.00"),
        ([(5, 1), (4, 1), (4, 1)], "4.33"),
        ([(1, 1)] * 7 + [(0, 1)], "0.88"),  # a half is rounded up
    ],
)
def test_a_mean_is_weighted_and_rounded_to_the_hundredth(notes, attendue):
    assert moyenne(notes) == Decimal(attendue)


@given(st.integers(0, 20), st.integers(1, 6), st.integers(1, 6))
def test_readings_are_shared_evenly_and_nobody_reads_twice(candidatures, relecteurs, chacune):
    paires = repartir(
        range(candidatures),
        range(relecteurs),
        dejas={},
        actives={},
        charge={},
        chacune=chacune,
        hasard=lambda: 0,
    )

    charges = Counter(relecteur for _, relecteur in paires)
    assert len(set(paires)) == len(paires) == candidatures * min(chacune, relecteurs)
    assert max(charges.values(), default=0) - min((charges[r] for r in range(relecteurs)), default=0) <= 1


def test_who_stepped_aside_is_not_given_it_again():
    assert repartir([7], [1, 2], dejas={7: {1}}, actives={}, charge={2: 9}, chacune=2, hasard=lambda: 0) == [
        (7, 2)
    ]


def test_what_has_enough_readings_gets_no_more():
    assert repartir([7], [1, 2], dejas={7: {1}}, actives={7: 1}, charge={}, chacune=1, hasard=lambda: 0) == []


@pytest.mark.parametrize(
    ("rang", "retenue", "quitte"),
    [
        (2, True, False),
        (3, True, True),
        (2, False, True),
        (3, False, False),
        (None, True, True),
        (None, False, False),
    ],
)
def test_leaving_the_ranking_is_a_seat_below_or_a_refusal_above(rang, retenue, quitte):
    assert quitte_le_classement(rang, 2, retenue=retenue) is quitte


def test_a_share_of_nothing_is_nothing():
    assert pourcent(0, 0) == 0.0
    assert pourcent(1, 3) == 33.3
