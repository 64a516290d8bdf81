"""Database constraints of instances and séances."""

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction

from participation.socle.actions import avancer
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from tests.ccspl.factories import AvisFactory, ParagrapheFactory, PreconisationFactory
from tests.seances.factories import ConvieFactory, PointFactory, PresenceFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def test_an_act_of_the_table_is_done_once_and_journaled():
    seance = SeanceFactory(ouverte=True)
    agent = CompteFactory(agent=True)

    avancer(seance, "suspendre", par=agent)

    assert seance.etat == "suspendue"
    assert [entree.acte for entree in seance.journal.all()] == ["suspendre"]
    assert seance.version == 1
    with pytest.raises(ActeInterdit, match="suspendue"):
        avancer(seance, "suspendre", par=agent)
    with pytest.raises(RoleInsuffisant):
        avancer(seance, "reprendre", par=CompteFactory())


def test_the_journal_of_a_seance_cannot_be_changed():
    seance = SeanceFactory(ouverte=True)
    avancer(seance, "suspendre", par=CompteFactory(agent=True))

    with pytest.raises(InternalError), transaction.atomic():
        seance.journal.update(fait="autre chose")


def test_nobody_is_present_twice_at_once():
    presence = PresenceFactory()

    with pytest.raises(ValidationError, match="déjà notée présente"):
        type(presence)(seance=presence.seance, convie=presence.convie, mode="distance").full_clean()


def test_the_cast_stands():
    assert PointFactory().seance.etat == "programmee"
    assert ConvieFactory().seance.instance.cle == "essai"
    assert AvisFactory(adopte=True).reference.startswith("AVI-")
    assert ParagrapheFactory().ordre == PreconisationFactory().numero == 1
