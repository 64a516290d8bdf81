"""Legal computation of delays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from participation.socle.calendrier import (
    ajouter_mois,
    est_ouvre,
    il_y_a_plus_de,
    jours_entre,
    prochain_jour_ouvre,
)
from participation.socle.management.scene import Scene

pytestmark = pytest.mark.horloge

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("jour", "ouvre"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 22), False),
        (date(2026, 7, 14), False),
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 14), False),  # Ascension
        (date(2026, 4, 3), True),  # Good Friday, a working day here
        (date(2026, 12, 26), False),  # a Saturday
        (date(2023, 12, 26), True),  # Saint Étienne is a holiday in Alsace-Moselle only
    ],
)
def test_worked_days_know_french_holidays(jour, ouvre):
    assert est_ouvre(jour) is ouvre


def test_the_demonstration_sits_on_working_days_whatever_its_day():
    scene = Scene.__new__(Scene)
    for n in range(366):
        scene.aujourd_hui = date(2026, 1, 1) + timedelta(days=n)
        avant, apres = scene.jour_ouvre(-6), scene.jour_ouvre(24)
        assert est_ouvre(avant)
        assert est_ouvre(apres)
        assert scene.jour(-9) <= avant <= scene.jour(-6)
        assert scene.jour(24) <= apres <= scene.jour(28)


@pytest.mark.parametrize(
    ("depart", "mois", "arrivee"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 24), 4, date(2027, 3, 24)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(depart, mois, arrivee):
    assert ajouter_mois(depart, mois) == arrivee


def test_worked_days_jump_over_the_long_weekend_of_may():
    assert prochain_jour_ouvre(date(2026, 5, 1)) == date(2026, 5, 4)
    assert prochain_jour_ouvre(date(2026, 5, 8)) == date(2026, 5, 11)
    assert prochain_jour_ouvre(date(2026, 7, 14)) == date(2026, 7, 15)


@pytest.mark.parametrize(
    ("debut", "fin", "jours"),
    [
        (datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 18), 0),
        (datetime(2026, 11, 24, 23), datetime(2026, 11, 25, 8), 1),
        (datetime(2027, 3, 27, 12), datetime(2027, 3, 28, 12), 1),  # 23 hours
        (datetime(2027, 10, 30, 23, 30), datetime(2027, 11, 9, 23, 30), 10),  # ten days and an hour
        (datetime(2027, 7, 1, 0, 30), datetime(2027, 7, 2, 23, 30), 1),  # three days in UTC
        (datetime(2028, 2, 28, 23, 30), datetime(2028, 3, 1, 0, 30), 2),
    ],
)
def test_days_between_two_instants_are_those_of_the_calendar_in_paris(debut, fin, jours):
    assert jours_entre(debut.replace(tzinfo=PARIS), fin.replace(tzinfo=PARIS)) == jours
    assert (
        jours_entre(debut.replace(tzinfo=PARIS).astimezone(UTC), fin.replace(tzinfo=PARIS).astimezone(UTC))
        == jours
    )


@pytest.mark.parametrize("heure", [(0, 0, 0), (2, 30, 0), (23, 59, 59)])
def test_what_is_kept_so_many_days_goes_the_same_night_at_whatever_hour(time_machine, heure):
    """Checked at both clock changes, from the first to the last second of a day."""
    for annee, mois, jour in ((2027, 3, 28), (2027, 10, 31), (2028, 2, 29)):
        fait = datetime(annee, mois, jour, *heure, tzinfo=PARIS)
        for suite, parti in ((timedelta(days=15), False), (timedelta(days=16), True)):
            for seconde in (time(0, 0), time(23, 59, 59)):
                time_machine.move_to(datetime.combine((fait + suite).date(), seconde, PARIS))
                assert (fait < il_y_a_plus_de(15)) is parti
