"""Count of a vote on projects: exact, and independent of the order of the ballots."""

import random
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from participation.budgets.depouillement import (
    Augmentation,
    Choix,
    ProjetMis,
    Regle,
    Resultat,
    Urne,
    Utilite,
    Variante,
    ce_que_paie,
    depouiller,
    glouton,
    parts_egales,
)
from participation.budgets.depouillement.en_mots import bulletin_en_mots, regle_en_mots
from tests.budgets.bulletins import votes


def approuve(*numeros: int) -> Choix:
    return tuple(sorted((str(n), 1) for n in numeros))


@given(votes(), st.randoms(use_true_random=False))
def test_the_count_does_not_depend_on_the_order_of_the_ballots_nor_on_their_grouping(vote, hasard):
    projets, bulletins, variante = vote
    attendu = depouiller(Urne(bulletins, projets), variante)
    meles = list(bulletins)
    hasard.shuffle(meles)
    groupes = {choix: bulletins.count(choix) for choix in meles}
    for urne in (Urne(meles, projets), Urne(groupes, projets), Urne(bulletins, projets)):
        assert depouiller(urne, variante) == attendu
        assert urne.exprimes + urne.blancs == len(bulletins)


@given(votes())
def test_the_budget_is_never_exceeded_and_only_supported_projects_are_taken(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    for regle in Regle:
        resultat = depouiller(urne, variante, regle)
        assert resultat.depense == sum(urne.projets[n].cout for n in resultat.gagnants) <= variante.budget
        assert len(set(resultat.gagnants)) == len(resultat.gagnants)
        assert all(urne.voix[n] >= max(variante.minimum, 1) for n in resultat.gagnants)
        assert not any(paire <= set(resultat.gagnants) for paire in variante.incompatibles)


@given(votes())
def test_completion_loses_no_winner_of_the_shares_and_leaves_nothing_that_would_still_fit(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    sans = parts_egales(urne, Variante(**(vars(variante) | {"completion": False})))
    avec = parts_egales(urne, Variante(**(vars(variante) | {"completion": True})))
    if urne.exprimes:
        assert avec.gagnants[: len(sans.gagnants)] == sans.gagnants
    exclus = {autre for n in avec.gagnants for autre in variante.contraires(n)} | set(avec.gagnants)
    reste = variante.budget - avec.depense
    assert not [n for n in urne.admis(variante) if n not in exclus and urne.projets[n].cout <= reste]


@given(votes())
def test_receipts_add_up_to_what_the_shares_paid(vote):
    projets, bulletins, variante = vote
    urne = Urne(bulletins, projets)
    for regle in Regle:
        resultat = depouiller(urne, variante, regle)
        payes: dict[str, Fraction] = dict.fromkeys(urne.projets, Fraction(0))
        for choix, combien in urne.groupes:
            lignes, reste = ce_que_paie(choix, resultat, urne.projets, urne.points)
            assert reste is None or reste >= 0
            for ligne in lignes:
                payes[ligne.numero] += combien * ligne.euros
        assert payes == {n: (urne.projets[n].cout if n in resultat.gagnants else 0) for n in urne.projets}


@given(votes())
def test_a_result_kept_as_json_is_read_back_exactly(vote):
    projets, bulletins, variante = vote
    resultat = depouiller(Urne(bulletins, projets), variante)
    assert Resultat.lire(resultat.en_json()) == resultat


def test_greedy_takes_the_most_supported_and_passes_over_what_does_not_fit():
    projets = [ProjetMis("1", 60), ProjetMis("2", 50), ProjetMis("3", 40)]
    urne = Urne([approuve(1), approuve(1), approuve(1, 2), approuve(2, 3), approuve(3)], projets)
    assert glouton(urne, Variante(100, "g")).gagnants == ["1", "3"]


def test_equal_shares_serves_a_minority_that_greedy_leaves_out():
    # 60 voters want 1, 2 and 3; 40 voters want 4. The budget pays for three projects.
    projets = [ProjetMis(str(n), 30) for n in range(1, 5)]
    urne = Urne({approuve(1, 2, 3): 60, approuve(4): 40}, projets)
    assert set(glouton(urne, Variante(90, "g")).gagnants) == {"1", "2", "3"}
    parts = parts_egales(urne, Variante(90, "g", augmentation=Augmentation.AUCUNE, completion=False))
    assert "4" in parts.gagnants
    assert len(parts.gagnants) == 2  # 60 × 0.90 € pay for one of their projects, and 24 € remain.
    assert len(parts_egales(urne, Variante(90, "g")).gagnants) == 3


def test_a_voter_short_of_money_gives_all_she_has_and_the_others_pay_the_rest():
    projets = [ProjetMis("1", 20), ProjetMis("2", 10)]
    urne = Urne([approuve(1, 2), approuve(1), approuve(2)], projets)
    resultat = parts_egales(urne, Variante(30, "g", Regle.PARTS_EGALES, Utilite.NOMBRE, Augmentation.AUCUNE))
    # 2 is the cheapest: 5 each. Then 1: five from the first voter, who has no more, ten from the second. Not
    # enough, so the budget is completed.
    assert [(e.numero, e.prix) for e in resultat.etapes] == [("2", 5), ("1", None)]
    lignes, reste = ce_que_paie(approuve(1, 2), resultat, urne.projets, urne.points)
    assert [(ligne.numero, ligne.euros, ligne.par_sa_part) for ligne in lignes] == [
        ("2", 5, True),
        ("1", 10, False),
    ]
    assert reste == 5


def test_a_tie_is_settled_by_the_published_seed_and_said():
    projets = [ProjetMis("1", 50), ProjetMis("2", 50)]
    urne = Urne([approuve(1), approuve(2)], projets)
    gagnants = set()
    for graine in ("a", "b", "c", "d", "e", "f"):
        variante = Variante(50, graine)
        resultat = glouton(urne, variante)
        assert resultat.gagnants == [min("12", key=variante.rang)]
        assert set(resultat.etapes[0].a_egalite_avec) == {"1", "2"} - set(resultat.gagnants)
        gagnants.update(resultat.gagnants)
    assert gagnants == {"1", "2"}


def test_blank_ballots_are_counted_apart_and_change_no_share():
    projets = [ProjetMis("1", 50), ProjetMis("2", 50)]
    bulletins = [approuve(1), approuve(2)]
    sans, avec = Urne(bulletins, projets), Urne([*bulletins, (), ()], projets)
    assert (avec.exprimes, avec.blancs) == (2, 2)
    assert parts_egales(sans, Variante(100, "g")) == parts_egales(avec, Variante(100, "g"))


def test_a_raise_that_no_purse_can_use_is_not_tried_euro_by_euro():
    # A single voter wants a project of 1,000,000 €: the share of each voter must grow a million times.
    projets = [ProjetMis("1", 10), ProjetMis("2", 1_000_000)]
    urne = Urne({approuve(1): 100, approuve(2): 1}, projets)
    tours = []
    resultat = parts_egales(
        urne,
        Variante(1_000_010, "g", augmentation=Augmentation.ADD1, completion=False),
        lambda *tour: tours.append(tour),
    )
    assert resultat.gagnants == ["1", "2"]
    assert len(tours) < 5


def test_exhaustive_and_plain_raise_may_give_other_winners():
    """This is why the règlement must name its variant exactly."""

    def gagnants(essai):
        hasard = random.Random(essai)
        projets = [ProjetMis(str(n), hasard.randint(5, 60)) for n in range(1, 7)]
        bulletins = [approuve(*hasard.sample(range(1, 7), hasard.randint(1, 4))) for _ in range(9)]
        urne = Urne(bulletins, projets)
        return {
            tuple(sorted(parts_egales(urne, Variante(120, "g", augmentation=a)).gagnants))
            for a in Augmentation
        }

    assert any(len(gagnants(essai)) > 1 for essai in range(300))


def test_the_rule_is_written_in_french_to_the_letter():
    texte = " ".join(
        regle_en_mots(Variante(300_000, "neige", minimum=25, incompatibles=frozenset({frozenset("12")})))
    )
    for mots in (
        "25 bulletins au moins",
        "300\u00a0000\u00a0€",
        "Add1",
        "neige:numéro",
        "incompatibles",
        "non blanc",
    ):
        assert mots in texte
    assert "du plus soutenu au moins soutenu" in " ".join(regle_en_mots(Variante(10, "g", Regle.GLOUTON)))
    assert "10 points au plus, à 3 projets au plus" in bulletin_en_mots(10, 3)[0]
