"""Validation queries: neither known foreign keys nor constraints on unchanged fields are checked again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participation.socle.actions.avancer import verrouiller
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory, DirectionFactory


def demandees(objet):
    """Return the tables queried to check a foreign key."""
    with CaptureQueriesContext(connection) as requetes:
        objet.full_clean()
    return [
        requete["sql"].split('FROM "')[1].split('"')[0]
        for requete in requetes
        if '"id" = ' in requete["sql"] and "NOT" not in requete["sql"] and "LIMIT 1" in requete["sql"]
    ]


def test_only_a_key_that_nobody_read_is_looked_for(agent):
    petition = PetitionFactory(deposee=True, agent=agent, direction=DirectionFactory())
    verrouiller(petition)
    assert demandees(petition) == []
    petition.direction = DirectionFactory()
    assert demandees(petition) == []
    petition.agent_id = CompteFactory(agent=True).pk
    petition.direction_id = petition.direction_id
    assert demandees(petition) == ["socle_compte"]

    petition.direction_id += 10_000
    with pytest.raises(ValidationError) as refus:
        petition.full_clean()
    assert list(refus.value.error_dict) == ["direction"]


def questions(objet, **valeurs):
    """Set these values, then return how many queries the validation makes and which fields it refuses."""
    for champ, valeur in valeurs.items():
        setattr(objet, champ, valeur)
    refuses: list[str] = []
    with CaptureQueriesContext(connection) as requetes:
        try:
            objet.full_clean()
        except ValidationError as refus:
            refuses = list(refus.error_dict)
    return sum(requete["sql"].startswith("SELECT") for requete in requetes), refuses


def test_only_what_moved_since_the_lock_is_judged_again(agent):
    petition, autre = PetitionFactory(deposee=True, agent=agent), PetitionFactory(deposee=True)
    assert questions(petition) == (2, [])  # all the checks of each table at once
    verrouiller(petition)
    assert questions(petition, titre="Un autre titre") == (0, [])
    assert questions(petition, reference=autre.reference) == (1, ["reference"])
    verrouiller(petition)
    assert questions(petition, etat_suspendu="en_collecte") == (1, ["__all__"])
    verrouiller(petition)
    assert questions(petition, deposee_le=None) == (1, ["__all__"])


@pytest.mark.django_db
def test_each_check_that_refuses_says_its_sentence():
    petition = PetitionFactory(deposee=True)
    petition.etat, petition.etat_suspendu = "repondue", "en_collecte"
    with pytest.raises(ValidationError) as refus:
        petition.full_clean()
    assert sorted(refus.value.messages) == [
        "Une pétition répondue a une réponse.",
        "Une pétition suspendue garde l’état où elle reprendra.",
    ]
    with pytest.raises(ValidationError) as refus:
        petition.full_clean(exclude={"reponse"})
    assert refus.value.messages == ["Une pétition suspendue garde l’état où elle reprendra."]
