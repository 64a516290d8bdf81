"""Arithmetic of the panels, without a database: time, mailing, words of a page, tables."""

from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participation.panels.indemnites import indemnite, unites
from participation.panels.inscriptions import regles as pages
from participation.panels.preparation.actes import ecrire_strates, lire_strates
from participation.panels.preparation.regles import envois, resserrer, retard, retroplanning
from participation.socle.regles import placement
from participation.socle.regles.placement import Contraintes

ETAPES = [("ouvrir", "Lettres postées", 42), ("tirer", "Tirage", 28)]


def test_steps_are_counted_back_from_the_first_session_and_too_little_time_is_said():
    etapes = retroplanning(date(2027, 3, 1), reversed(ETAPES))

    assert [(e.cle, e.jour) for e in etapes] == [("ouvrir", date(2027, 1, 18)), ("tirer", date(2027, 2, 1))]
    assert retard(etapes, date(2027, 1, 18)) == ""
    assert "1 étape aurait" in retard(etapes, date(2027, 1, 19)).replace("\xa0", " ")


def test_steps_already_past_when_a_panel_opens_begin_today_and_leave_the_others_their_day():
    etapes = retroplanning(
        date(2027, 3, 1), [("preparer", "Mandat", 84), ("concevoir", "Lettre", 63), *ETAPES]
    )
    jours = [e.jour for e in resserrer(etapes, date(2027, 3, 1), date(2027, 1, 8))]
    trop_tard = [e.jour for e in resserrer(etapes, date(2027, 3, 1), date(2027, 2, 25))]

    assert jours == [date(2027, 1, 8), date(2027, 1, 13), date(2027, 1, 18), date(2027, 2, 1)]
    assert trop_tard == [date(2027, 2, 25), date(2027, 2, 26), date(2027, 2, 27), date(2027, 2, 28)]


def test_who_answers_least_is_written_to_more_and_a_mailing_above_the_addresses_is_said():
    peu, bien = envois([("QPV", 9000, 8, Decimal("2")), ("Ailleurs", 900, 12, Decimal("4"))], 10)

    assert (peu.lettres, bien.lettres) == (4000, 3000)
    assert not peu.est_trop
    assert "plus que ses" in bien.raison


@pytest.mark.parametrize(
    ("texte", "phrase"),
    [
        ("QPV ; 1 000", "Ligne 1"),
        ("QPV ; dix ; 2 ; 3", "nombres entiers"),
        ("QPV ; 0 ; 2 ; 3", "au moins une adresse"),
        ("QPV ; 10 ; 2 ; 0", "de 0,1 à 100"),
        ("QPV ; 10 ; 2 ; NaN", "de 0,1 à 100"),
        ("QPV ; 10 ; 2\nQPV ; 10 ; 2", "déjà écrite"),
    ],
)
def test_a_stratum_that_cannot_be_read_says_why(texte, phrase):
    with pytest.raises(Exception, match=phrase):
        lire_strates(texte, Decimal(4))


def test_strata_are_read_as_they_are_written_with_the_rate_of_the_reglement_when_none_is_said():
    lues = lire_strates("QPV ; 12 000 ; 8 ; 2,5 %\nAilleurs\t30000\t12", Decimal(4))

    assert [(s.nom, s.population, s.places, s.taux) for s in lues] == [
        ("QPV", 12000, 8, Decimal("2.5")),
        ("Ailleurs", 30000, 12, Decimal(4)),
    ]
    assert [s.taux for s in lire_strates(ecrire_strates(lues), Decimal(9))] == [s.taux for s in lues]


def test_the_words_of_a_page_are_read_back_and_a_changed_french_word_is_refused():
    mots = pages.mots_de({"Genre": ["Femme", "Homme"]})
    dites = {"Genre": "الجنس", "Femme": "امرأة"}

    assert pages.lire(pages.ecrire(dites, mots), mots) == dites
    with pytest.raises(ValueError, match="Ligne 1"):
        pages.lire("Sexe = الجنس", mots)


cas = st.tuples(st.integers(2, 14), st.integers(1, 4), st.integers(0, 99)).filter(lambda c: c[1] <= c[0])


@settings(max_examples=40, deadline=None)
@given(cas)
def test_everybody_sits_once_tables_are_even_and_the_same_seed_gives_the_same_tables(cas):
    combien, tables, graine = cas
    plan = placement.placer(range(combien), tables, Contraintes(), graine)

    assert sorted(qui for table in plan for qui in table) == list(range(combien))
    assert max(map(len, plan)) - min(map(len, plan)) <= 1
    assert plan == placement.placer(list(range(combien))[::-1], tables, Contraintes(), graine)


def test_people_meet_as_many_others_as_they_can_and_profiles_are_mixed(monkeypatch):
    couts = []
    with monkeypatch.context() as compte:
        compte.setattr(placement, "_cout", lambda *_: couts.append(0) or 0)
        placement.placer(range(40), 8, Contraintes(), 1)
    assert len(couts) == 8  # nobody has met: no exchange is tried, of the 300 000 that 800 people have
    personnes = range(16)
    profils = {n: ("F" if n < 8 else "H",) for n in personnes}
    plans = []
    for seance in range(3):
        contraintes = Contraintes(deja=placement.rencontres(plans), profils=profils)
        plans.append(placement.placer(personnes, 4, contraintes, seance))

    assert all(sum(n < 8 for n in table) == 2 for table in plans[0])
    assert max(placement.rencontres(plans).values()) <= 2
    # Chance alone would have them meet about half of the others in three sittings of four.
    assert placement.part_rencontree(personnes, plans) >= 0.5


@given(st.integers(0, 30))
@settings(max_examples=15, deadline=None)
def test_who_must_sit_together_or_apart_does(graine):
    c = Contraintes(ensemble=frozenset({frozenset({0, 1})}), separes=frozenset({frozenset({2, 3})}))
    plan = placement.placer(range(9), 3, c, graine)

    assert placement.rompues(plan, c) == []


def test_what_cannot_be_kept_is_said():
    tous = frozenset(frozenset(paire) for paire in combinations(range(4), 2))
    c = Contraintes(separes=tous)

    assert len(placement.rompues(placement.placer(range(4), 2, c, 1), c)) == 2


def test_a_half_day_begun_is_due_and_the_ceiling_holds():
    assert unites(241, Decimal(4)) == 2
    assert unites(90, None) == Decimal("1.5")
    assert indemnite(unites(240, Decimal(4)), Decimal("41.22"), None) == Decimal("41.22")
    assert indemnite(unites(241, Decimal(4)), Decimal("41.22"), Decimal(60)) == 60
