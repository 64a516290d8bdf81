"""Presence: arrivals, departures, remote members, corrected hours, also on the night of a clock change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation.seances.models import Convie, Parole, Point, Presence, Seance
from participation.seances.points import actes as points
from participation.seances.points import parole
from participation.seances.presence import actes as actes_presence
from participation.seances.presence.actes import CorrigerPresenceForm
from participation.seances.presence.lectures import votants
from participation.seances.votes import actes as votes
from participation.seances.votes import cloture
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel
from tests.seances.factories import (
    CollegeFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PresenceFactory,
    SeanceFactory,
)
from tests.seances.salle import convies, point_en_cours, voter_sur

pytestmark = pytest.mark.django_db


# Presence


def test_twice_the_same_arrival_is_one_interval_and_each_change_another(seance, agent):
    (convie,) = convies(seance, 1, presents=False)

    premiere = actes_presence.arriver(convie, mode="salle", par=agent)
    assert actes_presence.arriver(convie, mode="salle", par=agent) == premiere
    assert convie.presences.count() == 1
    # Going remote closes the interval and opens another at the same instant.
    actes_presence.arriver(convie, mode="distance", par=agent)
    salle, distance = convie.presences.all()
    assert (salle.mode, distance.mode) == ("salle", "distance")
    assert salle.depart == distance.arrivee
    assert distance.depart is None
    # Leaving twice counts once; coming back opens a new interval.
    assert actes_presence.partir(convie, par=agent)
    assert actes_presence.partir(convie, par=agent) is None
    actes_presence.arriver(convie, mode="salle", par=agent)
    assert convie.presences.count() == 3


def test_nobody_comes_remotely_to_a_seance_held_in_a_room(seance, agent):
    Seance.objects.filter(pk=seance.pk).update(tenue="salle")
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match="se tient en salle"):
        actes_presence.arriver(convie, mode="distance", par=agent)
    seance.refresh_from_db()
    assert seance.modes == ["salle"]


def test_presence_is_not_noted_days_before(agent):
    seance = SeanceFactory(convoquee=True)
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ErreurMetier, match="se notent ce jour-là"):
        actes_presence.arriver(convie, mode="salle", par=agent)


def test_presence_is_not_noted_once_the_seance_is_closed(agent):
    seance = SeanceFactory(levee=True)
    (convie,) = convies(seance, 1, presents=False)

    with pytest.raises(ActeInterdit, match="levée"):
        actes_presence.arriver(convie, mode="salle", par=agent)


def test_a_member_named_since_the_convocation_is_welcomed_and_the_journal_says_it(seance, agent):
    membre = MembreFactory(college=CollegeFactory(mandature=seance.mandature))

    presence = actes_presence.accueillir(seance, membre, mode="salle", par=agent)

    assert presence.convie.membre == membre
    assert presence.convie.convoque_le is None
    assert seance.journal.filter(acte="accueillir").count() == 1


def test_somebody_of_another_instance_is_not_welcomed(seance, agent):
    autre = MandatureFactory(instance=InstanceFactory(cle="autre"))

    with pytest.raises(ErreurMetier, match="pas membre de cette instance"):
        actes_presence.accueillir(
            seance, MembreFactory(college=CollegeFactory(mandature=autre)), mode="salle", par=agent
        )


def test_a_member_removed_in_mid_seance_leaves_and_comes_no_more(seance, agent):
    un, deux = convies(seance, 2)
    parole.demander_la_parole(un)

    actes_presence.retirer_convie(un, par=agent, motif="Démission")

    assert not un.presences.filter(depart__isnull=True).exists()
    assert not Parole.objects.filter(convie=un, retiree_le__isnull=True).exists()
    with pytest.raises(ErreurMetier, match="ne siège plus"):
        actes_presence.arriver(un, mode="salle", par=agent)
    with pytest.raises(ActeInterdit):
        actes_presence.retirer_convie(un, par=agent, motif="Démission")
    assert seance.journal.get(acte="retirer_convie").motif == "Démission"
    assert set(votants(seance)) == {deux.pk}


def test_who_sits_in_the_place_of_somebody_withdrawn_leaves_and_the_next_is_called(seance, agent):
    """As when a mandate is ended from the page of the member, during the séance or before it."""
    titulaire, mandant = convies(seance, 2)
    (suppleant,) = convies(seance, 1)
    suppleant.remplace = titulaire
    suppleant.save()
    Convie.objects.filter(pk=mandant.pk).update(reponse="pouvoir", pouvoir_a=titulaire)

    actes_presence.retirer_convie(titulaire, par=agent, motif="Démission")

    assert not Presence.objects.filter(convie__in=[titulaire, suppleant], depart__isnull=True).exists()
    suppleant.refresh_from_db()
    mandant.refresh_from_db()
    assert suppleant.retire_le is not None
    assert (mandant.reponse, mandant.pouvoir_a) == ("excuse", None)
    assert seance.journal.get(acte="retirer_convie").details["pouvoirs_tombes"] == [mandant.pk]
    lettre = Courriel.objects.get(acte="seances/liberer_suppleant")
    assert lettre.destinataires == [suppleant.membre.compte.courriel]
    assert "vient de prendre fin" in lettre.corps
    with pytest.raises(ErreurMetier, match="ne siège plus"):
        actes_presence.arriver(suppleant, mode="salle", par=agent)


def test_a_substitute_withdrawn_before_the_seance_gives_her_turn_to_the_next(agent):
    seance = SeanceFactory(convoquee=True, reglement__avec_suppleants=True)
    excuse, premiere = convies(seance, 2, presents=False)
    Convie.objects.filter(pk=excuse.pk).update(reponse="excuse")
    Convie.objects.filter(pk=premiere.pk).update(remplace=excuse)
    suivant = MembreFactory(college=excuse.membre.college, rang="suppleant", suppleant_de=excuse.membre)

    actes_presence.retirer_convie(Convie.objects.get(pk=premiere.pk), par=agent, motif="Démission")

    assert Convie.objects.get(seance=seance, membre=suivant).remplace_id == excuse.pk


def test_corrected_hours_stay_in_the_journal(seance, agent):
    (convie,) = convies(seance, 1)
    presence = convie.presences.get()
    arrivee = timezone.now() - timedelta(minutes=30)

    actes_presence.corriger_presence(
        presence, par=agent, arrivee=arrivee, depart=None, motif="Arrivée oubliée"
    )

    presence.refresh_from_db()
    assert presence.arrivee == arrivee
    entree = seance.journal.get(acte="corriger_presence")
    assert entree.motif == "Arrivée oubliée"
    assert entree.details["avant"] != entree.details["apres"]


def test_hours_to_come_or_upside_down_are_refused(seance, agent):
    (convie,) = convies(seance, 1)
    presence = convie.presences.get()
    maintenant = timezone.now()

    with pytest.raises(ValidationError, match="pas encore passée"):
        actes_presence.corriger_presence(
            presence, par=agent, arrivee=maintenant + timedelta(hours=1), depart=None, motif="x"
        )
    with pytest.raises(ValidationError, match="précède"):
        actes_presence.corriger_presence(
            presence,
            par=agent,
            arrivee=maintenant - timedelta(hours=1),
            depart=maintenant - timedelta(hours=2),
            motif="x",
        )


def test_a_correction_does_not_overlap_another_interval(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    debut = timezone.now() - timedelta(hours=2)
    PresenceFactory(convie=convie, arrivee=debut, depart=debut + timedelta(hours=1))
    seconde = PresenceFactory(convie=convie, arrivee=debut + timedelta(minutes=80))

    with pytest.raises(ValidationError, match="déjà notée présente"):
        actes_presence.corriger_presence(
            seconde, par=agent, arrivee=debut + timedelta(minutes=30), depart=None, motif="x"
        )


# Clock change of 25 October 2026: 3:00 becomes 2:00.


def test_the_timer_counts_real_seconds_on_the_night_of_the_clock_change(seance, agent, monkeypatch):
    point = point_en_cours(seance, agent)
    avant = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 2:50, summer time
    Point.objects.filter(pk=point.pk).update(repris_le=avant, secondes=0)
    monkeypatch.setattr(
        timezone, "now", lambda: datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    )  # 2:10, winter time

    points.traiter_point(point, par=agent)

    point.refresh_from_db()
    assert point.secondes == 20 * 60


def test_an_interval_may_cross_the_clock_change(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    presence = PresenceFactory(
        convie=convie,
        arrivee=datetime(2025, 10, 26, 0, 50, tzinfo=UTC),
        depart=datetime(2025, 10, 26, 1, 10, tzinfo=UTC),
    )
    presence.full_clean(exclude={"par"})

    assert presence.depart > presence.arrivee  # 2:50 then 2:10 on a clock


def test_a_presence_that_crosses_midnight_is_corrected_and_a_slip_still_refused(seance, agent):
    (convie,) = convies(seance, 1, presents=False)
    presence = PresenceFactory(
        convie=convie,
        arrivee=datetime(2025, 11, 19, 19, 2, 30, tzinfo=UTC),  # 20:02 in Paris
        depart=datetime(2025, 11, 19, 23, 40, tzinfo=UTC),  # 0:40, the next day
    )
    saisi = {"jour": "2025-11-19", "de": "20:02", "a": "00:25", "motif": "Partie avant"}
    form = CorrigerPresenceForm(saisi, objet=presence)

    assert form.is_valid(), form.errors
    actes_presence.corriger_presence(presence, par=agent, **form.cleaned_data)

    presence.refresh_from_db()
    assert presence.arrivee == datetime(2025, 11, 19, 19, 2, 30, tzinfo=UTC)
    assert presence.depart == datetime(2025, 11, 19, 23, 25, tzinfo=UTC)
    assert not CorrigerPresenceForm({**saisi, "a": "19:30"}, objet=presence).is_valid()


def test_an_hour_that_comes_twice_is_told(seance):
    (convie,) = convies(seance, 1)
    form = CorrigerPresenceForm(
        {"jour": "2025-10-26", "de": "02:30", "motif": "x"}, objet=convie.presences.get()
    )

    assert not form.is_valid()
    assert "l’heure change" in form.errors["de"][0]


def test_hours_that_contradict_a_vote_are_meant(seance, agent):
    un, deux = convies(seance, 2)
    vote = voter_sur(seance, agent)
    votes.voter(vote, deux, sens="pour")
    cloture.clore_vote(vote, par=agent, sans_attendre=True)
    presence = un.presences.get()
    presence.arrivee = vote.ouvert_le - timedelta(minutes=5)
    presence.save()
    avant = {"arrivee": presence.arrivee, "depart": vote.ouvert_le - timedelta(minutes=1), "motif": "Parti"}

    with pytest.raises(ValidationError, match="au quorum du vote"):
        actes_presence.corriger_presence(presence, par=agent, **avant)
    actes_presence.corriger_presence(presence, par=agent, malgre_les_votes=True, **avant)

    assert seance.journal.get(acte="corriger_presence").details["votes"] == [vote.pk]
