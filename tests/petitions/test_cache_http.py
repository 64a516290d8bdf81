"""HTTP cache of public pages: what a reader and nginx are told."""

import pytest

from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db


def test_a_reader_who_has_the_page_is_told_so(client):
    page = PetitionFactory(en_collecte=True).get_public_url()
    recue = client.get(page)

    assert recue["Cache-Control"].startswith("public, max-age=")
    assert not recue.cookies
    assert not recue.has_header("Vary")
    assert client.get(page, headers={"If-None-Match": recue["ETag"]}).status_code == 304
    assert client.get(page).status_code == 200
