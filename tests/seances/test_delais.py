"""Delays of a convocation: legal cases, then properties true for any day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.seances.regles import Unite, date_limite_convocation, en_mots
from participation.socle.calendrier import est_ouvre

JOURS = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))
DELAIS = st.integers(min_value=0, max_value=30)


@pytest.mark.parametrize(
    ("debut", "delai", "unite", "limite"),
    [
        # L2121-12 CGCT: five clear days. Friday 12: convened on Saturday 6 at the latest.
        (date(2026, 6, 12), 5, "francs", date(2026, 6, 6)),
        # Sundays and holidays count as clear days: 1, 3 and 8 May.
        (date(2026, 5, 11), 5, "francs", date(2026, 5, 5)),
        # In urgency, one clear day: the day before is too late.
        (date(2026, 6, 12), 1, "francs", date(2026, 6, 10)),
        (date(2026, 6, 12), 0, "francs", date(2026, 6, 11)),
        # A clock change has no effect on days.
        (date(2026, 10, 26), 5, "francs", date(2026, 10, 20)),
        (date(2027, 3, 29), 5, "francs", date(2027, 3, 23)),
        # CRPA R133-8: at least five days before.
        (date(2026, 6, 12), 5, "calendaires", date(2026, 6, 7)),
        (date(2024, 3, 1), 1, "calendaires", date(2024, 2, 29)),
        # Working days: the weekend does not count.
        (date(2026, 6, 12), 5, "ouvres", date(2026, 6, 5)),
        # Monday 11 May 2026: Friday 8 May is a holiday.
        (date(2026, 5, 11), 1, "ouvres", date(2026, 5, 7)),
        # Easter Monday, 6 April 2026.
        (date(2026, 4, 7), 2, "ouvres", date(2026, 4, 2)),
        (date(2026, 6, 12), 0, "ouvres", date(2026, 6, 12)),
        # Across the new year.
        (date(2027, 1, 4), 2, "ouvres", date(2026, 12, 30)),
    ],
)
def test_the_last_day_to_convene(debut: date, delai: int, unite: str, limite: date) -> None:
    assert date_limite_convocation(debut, delai, unite) == limite


@given(JOURS, DELAIS)
def test_clear_days_stand_whole_between_the_sending_and_the_seance(debut: date, delai: int) -> None:
    limite = date_limite_convocation(debut, delai, Unite.FRANCS)

    entre = (debut - limite).days - 1
    assert entre == delai


@given(JOURS, DELAIS)
def test_worked_days_are_counted_from_the_sending(debut: date, delai: int) -> None:
    limite = date_limite_convocation(debut, delai, Unite.OUVRES)

    jours = [limite + timedelta(days=n) for n in range((debut - limite).days)]
    assert sum(est_ouvre(jour) for jour in jours) == delai
    assert delai == 0 or est_ouvre(limite)


@given(JOURS, DELAIS, st.sampled_from(list(Unite)))
def test_a_longer_delay_is_never_later(debut: date, delai: int, unite: Unite) -> None:
    assert date_limite_convocation(debut, delai + 1, unite) < date_limite_convocation(debut, delai, unite)


@given(JOURS, DELAIS)
def test_clear_days_ask_more_than_days_and_worked_days_more_than_days(debut: date, delai: int) -> None:
    jours = date_limite_convocation(debut, delai, Unite.CALENDAIRES)

    assert date_limite_convocation(debut, delai, Unite.FRANCS) < jours
    assert date_limite_convocation(debut, delai, Unite.OUVRES) <= jours


@pytest.mark.parametrize(
    ("delai", "unite", "mots"),
    [
        (5, "francs", "5 jours francs"),
        (1, "francs", "1 jour franc"),
        (3, "ouvres", "3 jours ouvrés"),
        (8, "calendaires", "8 jours"),
    ],
)
def test_a_delay_is_said_in_words(delai: int, unite: str, mots: str) -> None:
    assert en_mots(delai, unite) == mots


def test_a_delay_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="semaines"):
        date_limite_convocation(date(2026, 6, 12), 2, "semaines")
    with pytest.raises(ValueError, match="negative"):
        date_limite_convocation(date(2026, 6, 12), -1, "francs")
