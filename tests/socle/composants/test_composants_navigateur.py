"""The gallery of components in a browser."""

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.greffons.contrastes import AXE, fautes_d_axe
from tests.greffons.navigateur import DEBORDE, SANS_TRANSITION, sans_dessin
from tests.socle.composants import galerie

STATIQUES = Path(__file__).parents[3] / "static"


ADRESSE = "http://galerie.test"


def ouvrir(page: Any, gabarit: str) -> None:
    """Serve the gallery and static files to the page without a server, with the site's security policy."""
    html = galerie.rendre(gabarit)

    def repondre(route: Any) -> None:
        chemin = urlsplit(route.request.url).path
        if chemin == "/galerie":
            entetes = {"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=entetes)
        else:
            fichier = STATIQUES / chemin.removeprefix("/static/")
            route.fulfill(
                body=fichier.read_bytes(),
                content_type=mimetypes.guess_type(chemin)[0] or "application/octet-stream",
            )

    page.route("**/*", repondre)
    page.goto(f"{ADRESSE}/galerie")


@pytest.mark.parametrize("gabarit", ["public.html", "bureau.html"])
def test_axe_finds_nothing_in_the_gallery_and_nothing_overflows_a_small_phone(page: Any, gabarit: str):
    page = sans_dessin(page)
    plaintes: list[str] = []
    page.on("console", lambda message: plaintes.append(message.text))
    page.add_init_script(SANS_TRANSITION + AXE)
    page.set_viewport_size({"width": 1280, "height": 900})
    ouvrir(page, gabarit)
    page.evaluate("for (const d of document.querySelectorAll('details.donnees')) d.open = true")

    for largeur in (1280, 390):
        page.set_viewport_size({"width": largeur, "height": 900})
        for affichage in ("light", "dark"):
            page.emulate_media(color_scheme=affichage)
            page.evaluate(DEBORDE, largeur)
            violations = fautes_d_axe(page)
            assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in violations] == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate(DEBORDE, 320) == ""
    assert plaintes == []


def test_the_summary_takes_the_focus_and_a_menu_closes_on_escape(page: Any):
    ouvrir(page, "bureau.html")
    recapitulatif, menu = page.locator(".recapitulatif"), page.locator("details.plus").first
    expect(recapitulatif).to_be_focused()
    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
    # The skip link leaves no fragment in the URL: a fragment would not take the focus from the errors.
    page.press(".evitement", "Enter")
    expect(page.locator("#contenu")).to_be_focused()
    assert page.url == f"{ADRESSE}/galerie"
    page.evaluate("location.hash = 'contenu'")
    page.reload()
    expect(recapitulatif).to_be_focused()


def test_the_choice_of_display_is_kept(page: Any):
    ouvrir(page, "public.html")
    page.click("[data-affichage] button[value=dark]")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("[data-affichage] button[value=dark]")).to_have_attribute("aria-pressed", "true")


def test_the_count_of_characters_follows_the_typing(page: Any):
    ouvrir(page, "public.html")
    page.fill("#id_motif", "bonjour")
    expect(page.locator(".compteur").first).to_contain_text("1\u00a0993\u00a0caractères")
