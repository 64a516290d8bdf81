"""Small numbers are hidden, with what would let them be deduced."""

from hypothesis import given
from hypothesis import strategies as st

from participation.socle.regles.petits_nombres import tus


def test_a_small_number_alone_takes_the_next_with_it():
    assert tus({"femme": 8, "homme": 6, "": 2}, 5) == {"homme", ""}
    assert tus({"femme": 8, "homme": 6}, 5) == set()
    assert tus({"femme": 1}, 5) == {"femme"}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 30), max_size=6), st.integers(0, 12))
def test_no_hidden_number_comes_back_by_subtraction(nombres, plus_petit):
    caches = tus(nombres, plus_petit)

    assert {cle for cle, n in nombres.items() if 0 < n < plus_petit} <= caches
    assert not any(nombres[cle] == 0 for cle in caches)
    if caches and any(n for cle, n in nombres.items() if cle not in caches):
        assert len(caches) > 1
        assert sum(nombres[cle] for cle in caches) >= plus_petit
