"""Seats, voices and quorum computed from the rows of a séance: suppléants, pouvoirs, déports, departures."""

from datetime import timedelta

from django.utils import timezone

from participation.seances.models import Convie, Deport, Seance
from participation.seances.presence.lectures import Situation, presents, quorum_de, votants
from tests.seances.factories import (
    CollegeFactory,
    ConvieFactory,
    InstanceFactory,
    MandatureFactory,
    MembreFactory,
    PointFactory,
    PresenceFactory,
    ReglementInstanceFactory,
    SeanceFactory,
)
from tests.seances.salle import convies, donner_pouvoir, regler, suppleant_de

# From the rows of the séance


def test_a_seat_counts_once_when_its_substitute_comes_too(seance):
    titulaire, *_ = convies(seance, 4, presents=False)
    suppleant = suppleant_de(titulaire)

    assert quorum_de(seance).atteint == 1
    assert votants(seance) == {suppleant.pk: [suppleant.pk]}

    PresenceFactory(convie=titulaire)

    assert quorum_de(seance).atteint == 1
    assert votants(seance) == {titulaire.pk: [titulaire.pk]}


def test_a_substitute_does_not_sit_where_the_reglement_knows_none(seance):
    titulaire, *_ = convies(seance, 4, presents=False)
    suppleant = ConvieFactory(
        seance=seance,
        remplace=titulaire,
        membre=MembreFactory(college=titulaire.membre.college, rang="suppleant"),
    )
    PresenceFactory(convie=suppleant)
    assert quorum_de(seance).atteint == 1

    regler(seance, avec_suppleants=False)

    assert quorum_de(seance).atteint == 0


def test_a_pouvoir_is_carried_while_its_holder_is_there_and_lapses_when_the_giver_arrives(seance):
    porteur, mandant, *_ = convies(seance, 4, presents=False)
    donner_pouvoir(mandant, porteur)
    assert quorum_de(seance).atteint == 0

    presence = PresenceFactory(convie=porteur)
    assert quorum_de(seance).atteint == 2
    assert votants(seance) == {porteur.pk: [porteur.pk, mandant.pk]}

    PresenceFactory(convie=mandant)
    assert quorum_de(seance).atteint == 2
    assert votants(seance) == {porteur.pk: [porteur.pk], mandant.pk: [mandant.pk]}

    presence.depart = timezone.now()
    presence.save()
    assert votants(seance) == {mandant.pk: [mandant.pk]}


def test_no_more_pouvoirs_than_the_reglement_allows_the_first_given_first(seance):
    porteur, un, deux, _ = convies(seance, 4, presents=False)
    donner_pouvoir(deux, porteur, rang=1)
    donner_pouvoir(un, porteur, rang=2)
    PresenceFactory(convie=porteur)

    assert votants(seance) == {porteur.pk: [porteur.pk, deux.pk]}

    regler(seance, pouvoirs_par_personne=2)

    assert {cle: set(voix) for cle, voix in votants(seance).items()} == {
        porteur.pk: {porteur.pk, deux.pk, un.pk}
    }


def test_a_pouvoir_stays_in_its_college_when_the_reglement_wants_it(seance):
    porteur, *_ = convies(seance, 2, nom="Élus", presents=False)
    mandant, *_ = convies(seance, 2, presents=False)
    donner_pouvoir(mandant, porteur)
    PresenceFactory(convie=porteur)
    assert quorum_de(seance).atteint == 2

    regler(seance, pouvoir_entre_colleges=False)

    assert quorum_de(seance).atteint == 1


def test_a_college_without_the_vote_that_day_is_not_counted(seance):
    convies(seance, 4, presents=False)
    experts = convies(
        seance, 6, nom="Experts", vote_depuis=seance.jour.date() + timedelta(days=1), presents=False
    )
    for convie in experts:
        PresenceFactory(convie=convie)

    quorum = quorum_de(seance)
    assert (quorum.base, quorum.atteint, quorum.requis) == (4, 0, 2)
    assert votants(seance) == {}


def test_who_steps_aside_is_not_counted_on_the_point_and_the_reglement_says_of_what_base(seance):
    un, deux, *_ = convies(seance, 4, presents=False)
    point = PointFactory(seance=seance)
    PresenceFactory(convie=un)
    PresenceFactory(convie=deux)
    Deport.objects.create(point=point, convie=deux)

    assert quorum_de(seance).est_atteint
    assert quorum_de(seance, point).phrase == "Il manque 1 membre."
    assert votants(seance, point) == {un.pk: [un.pk]}

    regler(seance, deport_hors_base=True)

    assert quorum_de(seance, point).base == 3
    assert quorum_de(seance, point).manque == 1


def test_a_deporte_carries_no_pouvoir_on_that_point(seance):
    porteur, mandant, *_ = convies(seance, 4, presents=False)
    donner_pouvoir(mandant, porteur)
    point = PointFactory(seance=seance)
    PresenceFactory(convie=porteur)
    Deport.objects.create(point=point, convie=porteur)

    assert votants(seance, point) == {}


def test_whose_mandate_ended_is_neither_there_nor_in_the_base(seance):
    un, deux, *_ = convies(seance, 4, presents=False)
    PresenceFactory(convie=un)
    PresenceFactory(convie=deux)
    Convie.objects.filter(pk=deux.pk).update(retire_le=timezone.now())

    quorum = quorum_de(seance)
    assert (quorum.base, quorum.atteint) == (3, 1)


def test_a_member_in_office_who_was_not_convened_is_in_the_base(seance):
    convies(seance, 4, presents=False)
    MembreFactory(college=CollegeFactory(mandature=seance.mandature))

    assert quorum_de(seance).base == 5


def test_a_second_convocation_asks_for_no_quorum_if_the_reglement_says_so(seance):
    convies(seance, 4, presents=False)
    Seance.objects.filter(pk=seance.pk).update(rang_convocation=2)
    seance.refresh_from_db()
    assert quorum_de(seance).est_atteint

    regler(seance, seconde_sans_quorum=False)

    assert not quorum_de(seance).est_atteint


def test_the_base_is_the_seats_when_the_reglement_says_so(db):
    instance = InstanceFactory(cle="sieges")
    seance = SeanceFactory(
        ouverte=True,
        mandature=MandatureFactory(instance=instance),
        reglement=ReglementInstanceFactory(instance=instance, base_quorum="sieges"),
    )
    convies(seance, 4, presents=False)

    assert quorum_de(seance).base == 10


def test_who_was_there_at_an_instant_is_known_afterwards(seance):
    un, deux, *_ = convies(seance, 4, presents=False)
    debut = timezone.now() - timedelta(hours=1)
    PresenceFactory(convie=un, arrivee=debut, depart=debut + timedelta(minutes=20))
    PresenceFactory(convie=deux, arrivee=debut + timedelta(minutes=10))

    assert presents(seance) == [deux]
    assert set(presents(seance, debut + timedelta(minutes=15))) == {un, deux}
    assert presents(seance, debut + timedelta(minutes=5)) == [un]


def test_a_situation_is_read_in_as_many_queries_for_forty_as_for_four(seance, django_assert_num_queries):
    convies(seance, 40, presents=False)
    for convie in Convie.objects.filter(seance=seance)[:30]:
        PresenceFactory(convie=convie)

    with django_assert_num_queries(5):
        assert Situation.de(seance).quorum().atteint == 30
