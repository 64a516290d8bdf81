"""Quorum: what is counted, what is asked, and the sentence that says what is missing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participation.seances.lectures.questions import Situation, presents, quorum_de, votants
from participation.seances.models import Convie, Deport, ReglementInstance, Seance
from participation.seances.regles.parts import combien
from participation.seances.regles.quorum import Corps, RegleQuorum, calculer
from participation.seances.workflow import Part
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


@pytest.mark.parametrize(
    ("part", "sur", "attendu"),
    [
        (Part.AUCUNE, 47, 0),
        (Part.TIERS, 47, 16),
        (Part.TIERS, 48, 16),
        (Part.MOITIE, 47, 24),
        (Part.MOITIE, 48, 24),
        (Part.MAJORITE, 47, 24),
        (Part.MAJORITE, 48, 25),
        (Part.DEUX_TIERS, 47, 32),
        (Part.DEUX_TIERS, 48, 32),
        (Part.UNANIMITE, 12, 12),
        (Part.MOITIE, 1, 1),
        (Part.MOITIE, 0, 1),
        (Part.MAJORITE, 0, 1),
    ],
)
def test_a_share_is_a_whole_number_of_people(part, sur, attendu):
    assert combien(part, sur) == attendu


def corps(nom="Habitants", exercice=10, presents=0, distance=0, pouvoirs=0, sieges=None, vote=True, cle=1):
    return Corps(
        cle, nom, sieges if sieges is not None else exercice, exercice, presents, distance, pouvoirs, vote
    )


CAS = [
    # rule, bodies, reached, sentence
    (RegleQuorum(), [corps(exercice=47, presents=29)], True, "Atteint : 29 sur 24 nécessaires."),
    (RegleQuorum(), [corps(exercice=47, presents=23)], False, "Il manque 1 membre."),
    (
        RegleQuorum(),
        [corps(exercice=47, presents=18, distance=9, pouvoirs=2)],
        True,
        "Atteint : 29 sur 24 nécessaires.",
    ),
    (
        RegleQuorum(distance_compte=False),
        [corps(exercice=47, presents=18, distance=9)],
        False,
        "Il manque 6 membres.",
    ),
    (
        RegleQuorum(pouvoirs_comptent=False),
        [corps(exercice=20, presents=9, pouvoirs=4)],
        False,
        "Il manque 1 membre.",
    ),
    (RegleQuorum(base="sieges"), [corps(exercice=10, sieges=20, presents=9)], False, "Il manque 1 membre."),
    (
        RegleQuorum(base="en_exercice"),
        [corps(exercice=10, sieges=20, presents=5)],
        True,
        "Atteint : 5 sur 5 nécessaires.",
    ),
    (
        RegleQuorum(part=Part.UNANIMITE),
        [corps(exercice=1, presents=1)],
        True,
        "Atteint : 1 sur 1 nécessaire.",
    ),
    (
        RegleQuorum(),
        [corps(exercice=10, presents=1), corps("Experts", 10, presents=9, vote=False, cle=2)],
        False,
        "Il manque 4 membres.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Élus", 7, presents=7), corps("Habitants", 20, presents=9, cle=2)],
        False,
        "Il manque 1 membre, dont 1 habitant.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Associations", 20, presents=8, cle=1), corps("Habitants", 20, presents=9, cle=2)],
        False,
        "Il manque 3 membres, dont 2 associations et 1 habitant.",
    ),
    (
        RegleQuorum(par_college=True),
        [corps("Élus du territoire", 10, presents=2), corps("Habitants", 10, presents=10, cle=2)],
        False,
        "Il manque 3 membres, dont 3 du collège « Élus du territoire ».",
    ),
    # A collège where nobody sits does not forbid every séance.
    (
        RegleQuorum(par_college=True),
        [corps("Élus", 0, sieges=7), corps("Habitants", 10, presents=5, cle=2)],
        True,
        "Atteint : 5 sur 5 nécessaires.",
    ),
    (
        RegleQuorum(est_exige=False),
        [corps(exercice=47, presents=2)],
        True,
        "2 membres présents ou représentés. Aucun quorum n’est exigé : c’est une seconde convocation.",
    ),
    (
        RegleQuorum(part=Part.AUCUNE),
        [corps(exercice=47, presents=1)],
        True,
        "1 membre présent ou représenté. Aucun quorum n’est exigé.",
    ),
    # Nobody in office: nothing can be decided.
    (RegleQuorum(), [corps(exercice=0)], False, "Il manque 1 membre."),
    (RegleQuorum(), [], False, "Il manque 1 membre."),
]


@pytest.mark.parametrize(("regle", "bodies", "atteint", "phrase"), CAS)
def test_the_quorum_of_each_case(regle, bodies, atteint, phrase):
    quorum = calculer(bodies, regle)

    assert (quorum.est_atteint, quorum.phrase) == (atteint, phrase)


CORPS = st.lists(
    st.builds(
        lambda cle, exercice, vides, tenus, vote: Corps(
            cle, f"Collège {cle}", exercice + vides, exercice, *_repartir(exercice, tenus), vote
        ),
        st.integers(1, 1000),
        st.integers(0, 30),
        st.integers(0, 10),
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda c: c.cle,
)
REGLES = st.builds(
    RegleQuorum,
    st.sampled_from(list(Part)),
    st.sampled_from(["en_exercice", "sieges"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def _repartir(exercice, tenus):
    presents = min(exercice, tenus[0])
    distance = min(exercice - presents, tenus[1])
    return presents, distance, min(exercice - presents - distance, tenus[2])


@given(CORPS, REGLES, st.integers(0, 3))
def test_one_more_present_never_breaks_a_quorum(bodies, regle, rang):
    if not bodies:
        return
    avant = calculer(bodies, regle)
    choisi = bodies[rang % len(bodies)]
    plus = Corps(
        choisi.cle,
        choisi.nom,
        choisi.sieges,
        choisi.en_exercice,
        choisi.presents + 1,
        choisi.a_distance,
        choisi.pouvoirs,
        choisi.a_le_vote,
    )
    apres = calculer([plus if c is choisi else c for c in bodies], regle)

    assert apres.manque <= avant.manque
    assert apres.est_atteint or not avant.est_atteint


@given(CORPS, REGLES)
def test_everybody_there_is_always_enough(bodies, regle):
    tous = [Corps(c.cle, c.nom, c.sieges, c.en_exercice, c.en_exercice, 0, 0, c.a_le_vote) for c in bodies]
    quorum = calculer(tous, RegleQuorum(regle.part, "en_exercice", regle.par_college))

    assert quorum.est_atteint or not any(c.a_le_vote and c.en_exercice for c in tous)


@given(CORPS, REGLES)
def test_what_is_missing_once_there_makes_the_quorum(bodies, regle):
    quorum = calculer(bodies, regle)
    votants = [c for c in bodies if c.a_le_vote]
    if quorum.est_atteint or not votants:
        return
    ajouts = {ligne.cle: ligne.manque for ligne in quorum.par_corps}
    reste = quorum.manque - sum(ajouts.values())
    ajouts[votants[0].cle] += max(0, reste)
    combles = [
        Corps(
            c.cle,
            c.nom,
            c.sieges,
            c.en_exercice,
            c.presents + ajouts.get(c.cle, 0),
            c.a_distance,
            c.pouvoirs,
            c.a_le_vote,
        )
        for c in bodies
    ]

    assert calculer(combles, regle).est_atteint


# On the séance's own rows


@pytest.fixture
def seance(db) -> Seance:
    return SeanceFactory(ouverte=True)


def convies(seance, nombre, **champs):
    college = CollegeFactory(mandature=seance.mandature, **champs)
    return [ConvieFactory(seance=seance, membre=MembreFactory(college=college)) for _ in range(nombre)]


def regler(seance, **champs):
    ReglementInstance.objects.filter(pk=seance.reglement_id).update(**champs)
    seance.reglement.refresh_from_db()


def test_a_seat_counts_once_when_its_substitute_comes_too(seance):
    titulaire, *_ = convies(seance, 4)
    suppleant = ConvieFactory(
        seance=seance,
        membre=MembreFactory(
            college=titulaire.membre.college, rang="suppleant", suppleant_de=titulaire.membre
        ),
    )
    PresenceFactory(convie=suppleant)

    assert quorum_de(seance).atteint == 1
    assert votants(seance) == {suppleant.pk: [suppleant.pk]}

    PresenceFactory(convie=titulaire)

    assert quorum_de(seance).atteint == 1
    assert votants(seance) == {titulaire.pk: [titulaire.pk]}


def test_a_substitute_does_not_sit_where_the_reglement_knows_none(seance):
    titulaire, *_ = convies(seance, 4)
    suppleant = ConvieFactory(
        seance=seance,
        remplace=titulaire,
        membre=MembreFactory(college=titulaire.membre.college, rang="suppleant"),
    )
    PresenceFactory(convie=suppleant)
    assert quorum_de(seance).atteint == 1

    regler(seance, avec_suppleants=False)

    assert quorum_de(seance).atteint == 0


def donner_pouvoir(de, a, rang=0):
    de.reponse, de.pouvoir_a, de.repondu_le = "pouvoir", a, timezone.now() + timedelta(seconds=rang)
    de.save()


def test_a_pouvoir_is_carried_while_its_holder_is_there_and_lapses_when_the_giver_arrives(seance):
    porteur, mandant, *_ = convies(seance, 4)
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
    porteur, un, deux, _ = convies(seance, 4)
    donner_pouvoir(deux, porteur, rang=1)
    donner_pouvoir(un, porteur, rang=2)
    PresenceFactory(convie=porteur)

    assert votants(seance) == {porteur.pk: [porteur.pk, deux.pk]}

    regler(seance, pouvoirs_par_personne=2)

    assert {cle: set(voix) for cle, voix in votants(seance).items()} == {
        porteur.pk: {porteur.pk, deux.pk, un.pk}
    }


def test_a_pouvoir_stays_in_its_college_when_the_reglement_wants_it(seance):
    porteur, *_ = convies(seance, 2, nom="Élus")
    mandant, *_ = convies(seance, 2)
    donner_pouvoir(mandant, porteur)
    PresenceFactory(convie=porteur)
    assert quorum_de(seance).atteint == 2

    regler(seance, pouvoir_entre_colleges=False)

    assert quorum_de(seance).atteint == 1


def test_a_college_without_the_vote_that_day_is_not_counted(seance):
    convies(seance, 4)
    experts = convies(seance, 6, nom="Experts", vote_depuis=seance.jour.date() + timedelta(days=1))
    for convie in experts:
        PresenceFactory(convie=convie)

    quorum = quorum_de(seance)
    assert (quorum.base, quorum.atteint, quorum.requis) == (4, 0, 2)
    assert votants(seance) == {}


def test_who_steps_aside_is_not_counted_on_the_point_and_the_reglement_says_of_what_base(seance):
    un, deux, *_ = convies(seance, 4)
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
    porteur, mandant, *_ = convies(seance, 4)
    donner_pouvoir(mandant, porteur)
    point = PointFactory(seance=seance)
    PresenceFactory(convie=porteur)
    Deport.objects.create(point=point, convie=porteur)

    assert votants(seance, point) == {}


def test_whose_mandate_ended_is_neither_there_nor_in_the_base(seance):
    un, deux, *_ = convies(seance, 4)
    PresenceFactory(convie=un)
    PresenceFactory(convie=deux)
    Convie.objects.filter(pk=deux.pk).update(retire_le=timezone.now())

    quorum = quorum_de(seance)
    assert (quorum.base, quorum.atteint) == (3, 1)


def test_a_member_in_office_who_was_not_convened_is_in_the_base(seance):
    convies(seance, 4)
    MembreFactory(college=CollegeFactory(mandature=seance.mandature))

    assert quorum_de(seance).base == 5


def test_a_second_convocation_asks_for_no_quorum_if_the_reglement_says_so(seance):
    convies(seance, 4)
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
    convies(seance, 4)

    assert quorum_de(seance).base == 10


def test_who_was_there_at_an_instant_is_known_afterwards(seance):
    un, deux, *_ = convies(seance, 4)
    debut = timezone.now() - timedelta(hours=1)
    PresenceFactory(convie=un, arrivee=debut, depart=debut + timedelta(minutes=20))
    PresenceFactory(convie=deux, arrivee=debut + timedelta(minutes=10))

    assert presents(seance) == [deux]
    assert set(presents(seance, debut + timedelta(minutes=15))) == {un, deux}
    assert presents(seance, debut + timedelta(minutes=5)) == [un]


def test_a_situation_is_read_in_as_many_queries_for_forty_as_for_four(seance, django_assert_num_queries):
    convies(seance, 40)
    for convie in Convie.objects.filter(seance=seance)[:30]:
        PresenceFactory(convie=convie)

    with django_assert_num_queries(5):
        assert Situation.de(seance).quorum().atteint == 30
