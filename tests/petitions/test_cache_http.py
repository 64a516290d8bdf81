"""HTTP cache of public pages: one second, for anonymous visitors only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from petitions.models import Petition
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(settings):
    settings.CACHE_PAGES_SECONDES = 60
    return PetitionFactory(en_collecte=True).get_public_url()


def test_a_page_read_again_asks_nothing_and_says_the_same(client, page):
    premiere = client.get(page)

    with CaptureQueriesContext(connection) as requetes:
        seconde = client.get(page)

    assert len(requetes) == 0
    assert seconde.content == premiere.content
    assert dict(seconde.items()) == dict(premiere.items())
    assert seconde["Content-Security-Policy"]
    assert not seconde.cookies


def test_a_page_is_asked_again_when_its_second_is_over(client, page, settings):
    settings.CACHE_PAGES_SECONDES = 0.0001
    client.get(page)
    Petition.objects.update(est_publie=False)

    assert client.get(page).status_code == 404


def test_a_reader_who_has_the_page_is_told_so(client, page):
    etag = client.get(page)["ETag"]

    assert client.get(page, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(page).status_code == 200


def test_a_host_that_is_not_ours_gets_nothing_of_what_is_kept(client, page):
    client.get(page)

    assert client.get(page, headers={"Host": "ailleurs.example.net"}).status_code == 400


def test_a_form_and_a_private_page_are_never_kept(client, page):
    petition = Petition.objects.get()
    client.get(f"/petitions/{petition.pk}/signer/")

    with CaptureQueriesContext(connection) as requetes:
        client.get(f"/petitions/{petition.pk}/signer/")

    assert len(requetes) > 0
