"""Pytest plugin for the tests in a browser: signed-in pages, and the checks that each must pass."""

import json
import os
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect

from tests.greffons.contrastes import VUS, fautes_d_axe

BUREAU = {"width": 1280, "height": 900}
TELEPHONE = {"width": 390, "height": 844}
# No transitions: a colour change in 150 ms draws nine frames, at each click and each field.
IMMOBILE = {"reduced_motion": "reduce"}
ATTENTE = 90_000  # milliseconds: a slow machine fails no test
expect.set_options(timeout=ATTENTE)
# Set before any page: during a transition of colour scheme, the colours are not final.
SANS_TRANSITION = """document.adoptedStyleSheets.push(new CSSStyleSheet())
document.adoptedStyleSheets[0].replaceSync('*, ::before, ::after { transition: none !important }')
"""
# Time of the pages, when the site runs at a shifted time (ops/horloge.py).
ECART = int(os.environ.get("FAKETIME", "0"))
A_SON_HEURE = """Date = class extends Date {
  constructor(...dit) { super(...(dit.length ? dit : [Date.now()])) }
  static now() { return super.now() + %d }
}""" % (ECART * 1000)  # noqa: UP031 an f-string would double each brace
# Width over the window, and the first elements past its edge.
DEBORDE = """async largeur => {
  while (innerWidth !== largeur || document.readyState !== 'complete') await new Promise(fait => setTimeout(fait, 5))
  document.body.offsetWidth  // the letters of this page are asked for
  await document.fonts.ready
  for (const image of document.images) {  // where nothing is drawn, none is ever near
    image.loading = 'eager'
    if (!image.complete) await new Promise(fait => image.onload = image.onerror = fait)
  }
  const large = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= large) return ''
  const dehors = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > large + 1)
  return document.documentElement.scrollWidth + ' > ' + large + ' : '
    + dehors.slice(0, 3).map(e => e.tagName + '.' + e.className).join(' ')
}"""

# Kind of each of these fields, in one call.
GENRES = """noms => Object.fromEntries(noms.map(nom => {
  const champ = document.querySelector(`main [name="${nom}"]`)
  return [nom, champ && (champ.type || champ.tagName)]
}))"""


def suivre(quoi: Locator) -> None:
    """Click, and wait until the page that this opens is loaded: `click` returns before it has a body."""
    with quoi.page.expect_navigation():
        quoi.click()


class Retenue:
    """Handler of `page.route` that holds the posts, `couper`s those that it holds, then lets all pass.

    A post that comes late finds what was decided meanwhile: no test has to know whether it has come.
    """

    def __init__(self) -> None:
        self.tenus: list[Route] = []
        self.decide = self.tenus.append

    def __call__(self, envoi: Route) -> None:
        (self.decide if envoi.request.method == "POST" else Route.continue_)(envoi)

    def _decider(self, decide: Callable[[Route], None]) -> None:
        self.decide = decide
        while self.tenus:
            decide(self.tenus.pop())

    def couper(self) -> None:
        self._decider(Route.abort)

    def ouvrir(self) -> None:
        self._decider(Route.continue_)


def controler(page: Page) -> None:
    """Check that axe finds nothing and that nothing is wider than the screen."""
    page.wait_for_load_state()
    page.locator("main").first.wait_for()
    fautes = [
        f"{faute['id']} {json.dumps([noeud['target'] for noeud in faute['nodes']])}"
        for faute in fautes_d_axe(page)
    ]
    assert fautes == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def sans_dessin(page: Page) -> Page:
    """Open a second page, signed in as this one, that is laid out but never drawn.

    Nothing there may wait for a frame: neither a Playwright click nor what appears on scroll works. Only
    headless Chromium can do it; otherwise the page itself is returned.
    """
    contexte = page.context
    dedans = contexte.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    assert contexte.browser
    session = contexte.browser.new_browser_cdp_session()
    neuve = {"url": "about:blank", "browserContextId": dedans, "enableBeginFrameControl": True}
    try:
        with contexte.expect_page() as venue:
            session.send("Target.createTarget", neuve)
    except Error:
        return page
    finally:
        session.detach()
    return venue.value


def attendre_promesse(page: Page, promesse: str) -> None:
    """Wait until the promise of this expression is true: `wait_for_function` stops at any promise."""
    page.evaluate(f"""async () => {{
      for (const fin = Date.now() + {ATTENTE}; !(await {promesse});) {{
        if (Date.now() > fin) throw new Error("attendu en vain")
        await new Promise(fait => setTimeout(fait, 50))
      }}
    }}""")


def remplir(page: Page, **champs: object) -> None:
    genres = page.evaluate(GENRES, [*champs])
    for nom, valeur in champs.items():
        champ = page.locator(f'main [name="{nom}"]')
        # Wait for what is not on the page yet.
        genre = genres[nom] or champ.first.evaluate("e => e.type || e.tagName")
        if genre in {"radio", "checkbox"}:
            page.locator(f'main [name="{nom}"][value="{valeur}"]').check()
        elif genre == "select-one":
            champ.first.select_option(str(valeur))
        else:
            champ.first.fill(str(valeur))


def valider(page: Page, adresse: str = "", **champs: object) -> None:
    """Open the page of an act, fill its form and push its main button."""
    if adresse:
        page.goto(adresse)
    remplir(page, **champs)
    suivre(page.locator('main form[method="post"] button[type="submit"]').first)


@pytest.fixture(scope="session", autouse=True)
def vus_ensemble(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keys passed by axe, shared by the processes of the run."""
    base = tmp_path_factory.getbasetemp()
    VUS.fichier = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "axe"


@pytest.fixture(scope="session", autouse=True)
def statiques_gardes() -> Iterator[None]:
    """Let the browser cache static files.

    Files as young as a fresh clone would be asked for again at each page.
    """
    servir = StaticFilesHandler.serve

    def garder(self: StaticFilesHandler, requete: HttpRequest) -> HttpResponseBase:
        reponse = servir(self, requete)
        reponse["Cache-Control"] = "max-age=3600"
        return reponse

    with mock.patch.object(StaticFilesHandler, "serve", garder):
        yield


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Context of the fixture `page`, as patient as those of `entrer`."""
    context.set_default_timeout(ATTENTE)
    return context


@pytest.fixture
def entrer(browser: Browser, live_server) -> Iterator:
    """Factory: `entrer(compte, taille)` opens a page in its own browser context, signed in or not."""
    contextes = []

    def fabrique(compte=None, taille=BUREAU, **options) -> Page:
        contexte = browser.new_context(
            viewport=taille, base_url=live_server.url, **{"locale": "fr-FR", **IMMOBILE, **options}
        )
        contextes.append(contexte)
        if ECART:
            contexte.add_init_script(A_SON_HEURE)
        if compte is not None:
            client = Client()
            client.force_login(compte)
            nom = settings.SESSION_COOKIE_NAME
            contexte.add_cookies([{"name": nom, "value": client.cookies[nom].value, "url": live_server.url}])
        contexte.set_default_timeout(ATTENTE)
        return contexte.new_page()

    yield fabrique
    for contexte in contextes:
        contexte.close()
