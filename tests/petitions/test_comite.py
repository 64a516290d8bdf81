"""Who sits on the comité finds her work at sign-in, and may enter."""

import pytest
from django.contrib.admin.sites import site
from django.urls import reverse

from participation.socle.workflow import Role
from petitions.models import Deport, ExamenCritere, MembreComite
from tests.petitions.factories import PetitionFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def nommer(compte):
    membre = MembreComite(compte=compte, qualite="elu")
    site.get_model_admin(MembreComite).save_model(None, membre, None, False)
    return type(compte).objects.get(pk=compte.pk)


def test_a_member_without_any_role_is_given_the_back_office():
    membre = nommer(CompteFactory())

    assert membre.roles == {Role.MEMBRE}


def test_a_member_who_has_a_role_keeps_it_alone():
    membre = nommer(CompteFactory(elu=True))

    assert membre.roles == {Role.ELU}


def test_a_member_finds_what_is_to_examine_until_the_grid_is_full_or_she_steps_aside(client):
    membre = nommer(CompteFactory())
    a_examiner = PetitionFactory(deposee=True, titre="Des bancs à l’ombre")
    deportee = PetitionFactory(deposee=True, titre="Un stade à Domène")
    Deport.objects.create(petition=deportee, compte=membre)
    finie = PetitionFactory(deposee=True, titre="Des nichoirs")
    for critere in finie.reglement.criteres.all():
        ExamenCritere.objects.create(petition=finie, critere=critere, appreciation="rempli", par=membre)
    client.force_login(membre)

    page = client.get(reverse("socle:accueil_compte"), follow=True).content.decode()

    assert a_examiner.titre in page
    assert deportee.titre not in page
    assert finie.titre not in page
