"""« Ma journée » in a browser: what she came for stands on the first screens, the rest is folded under its count."""

import pytest
from playwright.sync_api import expect

from participation.socle.management.scene import DOMAINE
from participation.socle.models import Compte
from tests.greffons.navigateur import BUREAU, TELEPHONE, controler

pytestmark = pytest.mark.django_db(transaction=True)


def hauteur(page):
    return page.evaluate("document.documentElement.scrollHeight")


@pytest.mark.parametrize(("taille", "limite"), [(BUREAU, 2000), (TELEPHONE, 4200)])
def test_the_busiest_day_holds_on_two_screens_and_all_of_it_on_paper(demonstration, entrer, taille, limite):
    page = entrer(Compte.objects.get(courriel=f"agent@{DOMAINE}"), taille)
    page.goto("/journee/")
    assert hauteur(page) <= limite
    assert page.locator(".taches > li:visible").first.inner_text()

    # By keyboard, and heard with its part.
    suite = page.locator("details.taches-suite").first
    suite.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(suite.locator(".taches > li").first).to_be_visible()
    controler(page)

    page.reload()
    page.emulate_media(media="print")
    lignes = page.locator(".taches > li")
    assert lignes.count() > 15
    assert (
        page.locator(".taches > li").evaluate_all(
            "tous => tous.filter(un => !un.checkVisibility({contentVisibilityAuto: true})).length"
        )
        == 0
    )
