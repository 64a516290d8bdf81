"""Counting of votes: majorities, collèges, ties, and properties true under every règlement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.seances.regles import Issue, VoixComptees, depouiller, deux_lectures, est_majoritaire
from participation.seances.workflow import BaseMajorite, Part


def tous(pour=0, contre=0, abstention=0, nppv=0):
    return {1: VoixComptees(pour, contre, abstention, nppv)}


A, R = Issue("adopte"), Issue("rejete")


@pytest.mark.parametrize(
    ("decomptes", "regle", "attendue"),
    [
        (tous(19, 3, 2, 1), {}, A),
        (tous(3, 19), {}, R),
        (tous(1, 0, 30, 10), {}, A),  # abstentions are shown, not counted
        (tous(0, 0, 12, 3), {}, R),  # no vote cast
        (tous(), {}, R),
        ({}, {}, R),
        (tous(10, 10), {}, R),
        (tous(10, 10), {"voix_du_president": "pour"}, Issue("adopte", True)),
        (tous(10, 10), {"voix_du_president": "contre"}, Issue("rejete", True)),
        (tous(10, 10), {"voix_du_president": "abstention"}, R),
        (tous(11, 10), {"voix_du_president": "contre"}, A),  # used only for a tie
        (tous(2, 1), {"majorite": Part.DEUX_TIERS}, A),
        (tous(13, 7), {"majorite": Part.DEUX_TIERS}, R),
        (tous(10, 10), {"majorite": Part.DEUX_TIERS, "voix_du_president": "pour"}, R),
        (tous(10, 10), {"majorite": Part.MOITIE}, A),
        (tous(1, 2), {"majorite": Part.TIERS}, A),
        (tous(12, 0, 5), {"majorite": Part.UNANIMITE}, A),
        (tous(12, 1), {"majorite": Part.UNANIMITE}, R),
        (tous(5, 4), {"majorite": Part.AUCUNE}, A),
        (tous(4, 4), {"majorite": Part.AUCUNE}, R),
        (tous(4, 4), {"majorite": Part.AUCUNE, "voix_du_president": "pour"}, Issue("adopte", True)),
        ({1: VoixComptees(3, 1), 2: VoixComptees(8, 2)}, {"par_college_requis": True}, A),
        ({1: VoixComptees(1, 3), 2: VoixComptees(18, 2)}, {"par_college_requis": True}, R),
        ({1: VoixComptees(1, 3), 2: VoixComptees(18, 2)}, {}, A),
        ({1: VoixComptees(0, 0, 4), 2: VoixComptees(18, 2)}, {"par_college_requis": True}, R),
    ],
)
def test_the_issue_of_each_case(decomptes, regle, attendue):
    assert depouiller(decomptes, **{"majorite": Part.MAJORITE, **regle}) == attendue


DECOMPTES = st.builds(VoixComptees, *[st.integers(0, 40)] * 4)
MAJORITES = st.sampled_from(list(Part))
PRESIDENTS = st.sampled_from(["", "pour", "contre", "abstention", "nppv"])


@given(st.dictionaries(st.integers(1, 4), DECOMPTES, max_size=4), MAJORITES, st.booleans(), PRESIDENTS)
def test_without_a_vote_for_nothing_is_adopted(decomptes, majorite, par_college, president):
    sans = {c: VoixComptees(0, d.contre, d.abstention, d.nppv) for c, d in decomptes.items()}

    assert depouiller(sans, majorite, par_college, president).resultat == "rejete"


@given(st.dictionaries(st.integers(1, 4), DECOMPTES, min_size=1, max_size=4), MAJORITES, st.booleans())
def test_one_more_vote_for_never_undoes_an_adoption(decomptes, majorite, par_college):
    premier = next(iter(decomptes))
    plus = {**decomptes, premier: decomptes[premier] + VoixComptees(pour=1)}

    if depouiller(decomptes, majorite, par_college).resultat == "adopte":
        assert depouiller(plus, majorite, par_college).resultat == "adopte"


@given(DECOMPTES, MAJORITES, st.integers(0, 40), st.integers(0, 40))
def test_abstentions_and_those_who_take_no_part_change_nothing(decompte, majorite, abstentions, nppv):
    autre = VoixComptees(decompte.pour, decompte.contre, abstentions, nppv)

    assert est_majoritaire(decompte, majorite) == est_majoritaire(autre, majorite)


@given(st.integers(1, 40), PRESIDENTS)
def test_the_president_weighs_only_when_votes_are_equal(nombre, president):
    assert not depouiller(tous(nombre + 1, nombre), Part.MAJORITE, voix_du_president=president).a_l_egalite


@given(st.dictionaries(st.integers(1, 4), DECOMPTES, min_size=1, max_size=4), MAJORITES, PRESIDENTS)
def test_asking_each_college_is_never_easier(decomptes, majorite, president):
    if depouiller(decomptes, majorite, True, president).resultat == "adopte":
        assert depouiller(decomptes, majorite, False, president).resultat == "adopte"


def test_the_two_bases_of_a_majority_are_both_told_with_their_texts():
    """10 for, 9 against, 13 abstentions, with 32 members present."""
    compte = {1: VoixComptees(10, 9, 13, presents=32)}

    assert depouiller(compte).resultat == "adopte"
    assert depouiller(compte, base=BaseMajorite.PRESENTS).resultat == "rejete"
    assert deux_lectures(compte, Part.MAJORITE) == (
        "Sur les voix exprimées ({loi_exprimes}) : adopté, 10 sur 19. "
        "Sur les membres présents ou représentés ({loi_presents}) : rejeté, 10 sur 32."
    )


@pytest.mark.parametrize(("pour", "presents", "attendu"), [(8, 17, "adopte"), (8, 20, "rejete")])
def test_on_those_present_the_chair_decides_only_what_one_vote_would_have_settled(pour, presents, attendu):
    compte = {1: VoixComptees(pour, pour, presents=presents)}

    assert depouiller(compte, voix_du_president="pour", base=BaseMajorite.PRESENTS).resultat == attendu
