"""Figures of many rows: counted by a periodic task, read by pages with their time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from participation.socle.actions import chiffres as actions
from participation.socle.lectures import chiffres
from participation.socle.lectures.chiffres import Tenu
from participation.socle.lectures.mise_en_place import BLOQUANTS
from participation.socle.models import ChiffreTenu
from participation.socle.vitrine import recueillir
from tests.greffons.services import PATIENCE


@pytest.fixture
def comptes(monkeypatch):
    """Let the task keep one figure, and note each time it is counted."""
    faits = []

    def compter():
        faits.append(1)
        return len(faits)

    monkeypatch.setattr(actions, "recueillir", lambda _: iter([Tenu("essai", compter)]))
    return faits, Tenu("essai", compter)


@pytest.mark.django_db
def test_a_kept_figure_is_read_with_its_time_and_not_counted_again(comptes):
    faits, tenu = comptes
    avant = timezone.now()

    actions.tenir_les_chiffres()

    assert [tenu.lire().valeur, tenu.lire().valeur] == [1, 1]
    assert avant <= tenu.lire().le <= timezone.now()
    assert len(faits) == 1


@pytest.mark.django_db
def test_a_figure_is_counted_by_the_page_when_none_is_kept_or_the_task_has_stopped(comptes):
    _, tenu = comptes
    assert tenu.lire().valeur == 1

    actions.tenir_les_chiffres()
    ChiffreTenu.objects.update(le=timezone.now() - chiffres.VALABLE - timedelta(minutes=1))
    assert tenu.lire().valeur == 3

    actions.tenir_les_chiffres()
    tenu.oublier()
    assert tenu.lire().valeur == 5


@pytest.mark.django_db
def test_a_figure_that_no_app_gives_any_more_is_forgotten(comptes):
    ChiffreTenu.objects.create(cle="ancien", valeur=3, le=timezone.now())

    actions.tenir_les_chiffres()

    assert set(ChiffreTenu.objects.values_list("cle", flat=True)) == {"essai", BLOQUANTS.cle}


@pytest.mark.django_db
def test_json_gives_back_the_figures_of_the_apps_as_they_were_counted():
    tenus = list(recueillir("chiffres_tenus"))
    comptes = [tenu.compter() for tenu in tenus]

    actions.tenir_les_chiffres()

    assert len({tenu.cle for tenu in tenus}) == len(tenus)
    assert [tenu.lire().valeur for tenu in tenus] == comptes


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_a_figure_once(monkeypatch):
    faits, fini = [], Barrier(2, timeout=PATIENCE)

    def compter():
        faits.append(1)
        fini.wait()  # the other worker has come meanwhile
        return len(faits)

    monkeypatch.setattr(actions, "recueillir", lambda _: iter([Tenu("essai", compter)]))

    def passer():
        actions.tenir_les_chiffres()
        connection.close()

    premier = Thread(target=passer)
    premier.start()
    while not faits:
        premier.join(0.01)
    actions.tenir_les_chiffres()
    fini.wait()
    premier.join()

    assert faits == [1]
    assert ChiffreTenu.objects.get(cle="essai").valeur == 1
