"""Map in a browser: markers can be reached by keyboard and open the same pages as the list."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.greffons.navigateur import TELEPHONE, controler
from tests.remontees.factories import SujetFactory
from tests.socle.factories import CompteFactory, commune

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_marker_is_reached_by_the_keyboard_and_opens_its_list(entrer):
    sujet = SujetFactory(publie=True)
    sujet.communes.add(commune("Meylan"))
    page = entrer(CompteFactory(agent=True), TELEPHONE)
    page.goto(reverse("remontees:carte_publique"))

    expect(page.locator(".carte-repere")).to_have_count(1)
    expect(page.locator("path.carte-contour")).to_have_count(49)
    controler(page)
    page.locator(".carte-repere").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=sujet.titre)).to_be_visible()
    assert f"commune={commune('Meylan').pk}" in page.url
