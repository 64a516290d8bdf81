"""What the tests in a real browser share: who is signed in, on which screen, and what no page may fail. A plugin: see conftest."""

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

BUREAU = {"width": 1280, "height": 900}
TELEPHONE = {"width": 390, "height": 844}
ATTENTE = 15_000  # milliseconds: a few polls of a screen


def controler(page: Page) -> None:
    """Nothing for axe, nothing wider than the screen."""
    fautes = [
        f"{faute['id']} {json.dumps([noeud['target'] for noeud in faute['nodes']])}"
        for faute in Axe().run(page).response["violations"]
    ]
    assert fautes == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


@pytest.fixture
def entrer(browser: Browser, live_server) -> Iterator:
    """`entrer(compte, taille)`: a page in a browser of one's own, signed in as `compte`, or not at all."""
    contextes = []

    def fabrique(compte=None, taille=BUREAU, **options) -> Page:
        contexte = browser.new_context(
            viewport=taille, base_url=live_server.url, **{"locale": "fr-FR", **options}
        )
        contextes.append(contexte)
        if compte is not None:
            client = Client()
            client.force_login(compte)
            nom = settings.SESSION_COOKIE_NAME
            contexte.add_cookies([{"name": nom, "value": client.cookies[nom].value, "url": live_server.url}])
        page = contexte.new_page()
        page.set_default_timeout(ATTENTE)
        return page

    yield fabrique
    for contexte in contextes:
        contexte.close()
