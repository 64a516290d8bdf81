"""The public search: all that anybody may read, in as many queries whatever is found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participation.socle.views.public.recherche_publique import chercher_partout
from tests.ccspl.factories import AvisFactory
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import InstanceFactory, SeanceFactory
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db
URL = "/chercher/"


def test_one_page_finds_every_kind_that_anybody_may_read_and_nothing_else(client):
    petition = PetitionFactory(en_collecte=True, titre="Un téléphérique pour tous")
    PetitionFactory(deposee=True, titre="Un téléphérique secret")
    AvisFactory(titre="Avis sur les téléphériques", est_publie=True, reference="AVI-2026-0077")
    InstanceFactory(nom="Comité des téléphériques", est_publique=True)
    InstanceFactory(nom="Comité caché des téléphériques", est_publique=False)
    SuiteFactory(dossier=petition, intitule="Étudier le téléphérique")

    page = client.get(URL, {"q": "telepherique"}).content.decode()
    accentuee = client.get(URL, {"q": "téléphériques"}).content.decode()

    for trouve in ("Un téléphérique pour tous", "Avis sur les téléphériques"):
        assert trouve in page
        assert trouve in accentuee
    assert "Comité des téléphériques" in accentuee
    assert "Étudier le téléphérique" in accentuee
    assert "secret" not in page + accentuee
    assert "caché" not in page + accentuee
    assert petition.get_public_url() in accentuee


def test_a_kind_alone_shows_all_of_it_and_pages_of_text_are_found(client):
    for rang in range(6):
        PetitionFactory(en_collecte=True, titre=f"Une passerelle numéro {rang}")

    page = client.get(URL, {"q": "passerelle"}).content.decode()
    seul = client.get(URL, {"q": "passerelle", "genre": "petition"}).content.decode()

    assert page.count("Une passerelle numéro") == 4
    assert 'Pétitions <span class="discret poids-normal">6</span>' in page
    assert "genre=petition" in page
    assert seul.count("Une passerelle numéro") == 6
    assert "Données personnelles" in client.get(URL, {"q": "rgpd"}).content.decode()
    assert "Essayez un seul mot" in client.get(URL, {"q": "xyzzy\0' & | !"}).content.decode()


def test_ten_pages_found_cost_what_one_costs(django_assert_num_queries):
    PetitionFactory(en_collecte=True, titre="Un kiosque")
    SeanceFactory(titre="Séance du kiosque", instance__est_publique=True)
    with CaptureQueriesContext(connection) as une:
        assert chercher_partout("kiosque")
    for rang in range(9):
        PetitionFactory(en_collecte=True, titre=f"Un kiosque {rang}")
    with django_assert_num_queries(len(une)):
        chercher_partout("kiosque")
