"""Races between two devices in a séance, and the secrecy of ballots even in the files of the database."""

from collections import Counter

import pytest
from django.db import connection

from participation.seances.models import Presence, Vote
from participation.seances.presence import actes as presence
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from tests.outils import des_que_possible, ensemble
from tests.seances.factories import SeanceFactory
from tests.seances.salle import convies, voter_sur
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


# Races


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forme", ["nominatif", "secret"])
def test_two_devices_that_vote_at_once_give_one_voice(forme):
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    un, *_ = convies(seance, 3)
    vote = voter_sur(seance, agent, forme=forme)

    def voter(sens):
        lu = Vote.objects.select_related("point__seance").get(pk=vote.pk)
        return lambda: votes.voter(
            lu, type(un).objects.select_related("membre__college").get(pk=un.pk), sens=sens
        )

    assert ensemble(voter("pour"), voter("contre")) == ["ActeInterdit", "fait"]
    assert vote.bulletins.count() == 1
    assert vote.emargements.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_close_one_vote_once():
    agent, autre, seance = CompteFactory(agent=True), CompteFactory(agent=True), SeanceFactory(ouverte=True)
    (un,) = convies(seance, 1)
    vote = voter_sur(seance, agent)
    votes.voter(vote, un, sens="pour")

    def clore(par):
        lu = Vote.objects.select_related("point__seance").get(pk=vote.pk)
        return lambda: cloture.clore_vote(lu, par=par)

    assert ensemble(clore(agent), clore(autre)) == ["ActeInterdit", "fait"]
    assert seance.journal.filter(acte="clore_vote").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_arrive_at_once_are_one_presence():
    seance = SeanceFactory(ouverte=True)
    (convie,) = convies(seance, 1, presents=False)

    def arriver():
        lu = type(convie).objects.select_related("seance", "membre__compte").get(pk=convie.pk)
        return lambda: presence.arriver(lu, mode="salle", par=None, source="code")

    assert ensemble(arriver(), arriver()) == ["fait", "fait"]
    assert Presence.objects.filter(convie=convie).count() == 1


def copies(table):
    """Return (inserting, deleting transaction) of each row version still in the pages of a table."""
    with connection.cursor() as curseur:
        curseur.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        curseur.execute(
            """SELECT i.t_xmin::text, i.t_xmax::text
            FROM generate_series(0, pg_relation_size(%s::regclass) / current_setting('block_size')::int - 1) page,
                 heap_page_items(get_raw_page(%s, page::int)) i WHERE i.t_xmin IS NOT NULL""",
            [table, table],
        )
        return curseur.fetchall()


def ecrites_depuis(debut, table, *, supprimees=False):
    """Return, sorted, the transactions since `debut` that inserted row versions.

    `supprimees`: deleted rows only.
    """
    return sorted(
        int(ecrite)
        for ecrite, supprimee in copies(table)
        if int(ecrite) >= debut and (supprimee != "0" or not supprimees)
    )


@pytest.mark.django_db(transaction=True)
def test_once_a_secret_vote_is_closed_the_database_itself_ties_no_ballot_to_anybody():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 5)
    with (
        connection.cursor() as curseur
    ):  # rows rolled back by other tests may stay while a transaction of another process is open
        curseur.execute("VACUUM (FULL) seances_bulletin, seances_emargement")
        curseur.execute("SELECT txid_current()::text")
        debut = int(curseur.fetchone()[0])
    vote = voter_sur(seance, agent, forme="secret")
    for convie, sens in zip(votants, ("pour", "contre", "abstention", "nppv", "pour"), strict=True):
        votes.voter(vote, convie, sens=sens)
    cloture.clore_vote(vote, par=agent)
    # Why the worker must clean them: deleted ballots and émargements alternate in the same order.
    supprimes = ecrites_depuis(debut, "seances_bulletin", supprimees=True)
    emargees = ecrites_depuis(debut, "seances_emargement")
    assert len(supprimes) == len(emargees) == 5
    assert all(bulletin <= emargement for bulletin, emargement in zip(supprimes, emargees, strict=True))
    assert all(emargement < suivant for emargement, suivant in zip(emargees, supprimes[1:], strict=False))

    assert des_que_possible(cloture.nettoyer_urnes) == 1

    assert len(copies("seances_bulletin")) == 5
    assert not {*supprimes, *emargees} & {
        int(numero) for copie in copies("seances_bulletin") for numero in copie
    }
    assert cloture.nettoyer_urnes() == 0
    vote.refresh_from_db()
    assert vote.urne_nettoyee_le is not None
    assert dict(Counter(vote.bulletins.values_list("sens", flat=True)))["pour"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_transaction_of_another_database_makes_the_box_wait_too():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 3)
    vote = voter_sur(seance, agent, forme="secret")
    ailleurs = connection.copy()
    ailleurs.settings_dict = {**connection.settings_dict, "NAME": "postgres"}
    try:
        ailleurs.set_autocommit(False)
        with ailleurs.cursor() as curseur:
            curseur.execute("SELECT pg_current_xact_id()")
        for convie in votants:
            votes.voter(vote, convie, sens="pour")
        cloture.clore_vote(vote, par=agent)
        assert cloture.nettoyer_urnes() == 0
    finally:
        ailleurs.rollback()
        ailleurs.close()
    assert des_que_possible(cloture.nettoyer_urnes) == 1
    assert len(copies("seances_bulletin")) == 3


@pytest.mark.django_db(transaction=True)
def test_a_box_that_a_long_reading_keeps_dirty_is_cleaned_at_a_later_turn():
    agent, seance = CompteFactory(agent=True), SeanceFactory(ouverte=True)
    votants = convies(seance, 3)
    vote = voter_sur(seance, agent, forme="secret")
    lecture = connection.copy()
    try:
        lecture.set_autocommit(False)
        with lecture.cursor() as curseur:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            curseur.execute("SELECT 1")
        for convie in votants:
            votes.voter(vote, convie, sens="pour")
        cloture.clore_vote(vote, par=agent)

        assert cloture.nettoyer_urnes() == 0
        vote.refresh_from_db()
        assert vote.urne_nettoyee_le is None
    finally:
        lecture.rollback()  # closed at once on the server, which otherwise notices late
        lecture.close()
    assert des_que_possible(cloture.nettoyer_urnes) == 1
