"""Take the screenshots of the guides: `python -m ops.captures`, while `make run` runs with its demonstration.

Each one shows the real page, for the demonstration account of the readers of the guide. Files are kept small.
"""

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOSSIER = Path(__file__).resolve().parents[1] / "docs" / "images"
DOMAINE, MOT_DE_PASSE = "demo.example.org", "Participer-demo-2026"
BUREAU, TELEPHONE = (1280, 900), (390, 844)
COULEURS = 128
# Hide the reminder of the second factor, which is not about the page.
SANS_BANDEAU = ".alert:has(a[href*='2fa']) { display: none !important; }"


@dataclass(frozen=True, slots=True)
class Capture:
    """A screenshot. `ouvrir`: the words of a link to follow from the page `chemin`."""

    nom: str
    compte: str
    chemin: str
    ecran: tuple[int, int] = BUREAU
    ouvrir: str = ""


CAPTURES = (
    Capture("remontees-noter", "accueil", "/remontees/noter/", TELEPHONE),
    Capture("remontees-ma-liste", "accueil", "/remontees/noter/ma-liste/", TELEPHONE),
    Capture("remontees-trier", "agent", "/remontees/trier/", (1280, 1100)),
    Capture("remontees-liste", "agent", "/remontees/dossiers/"),
    Capture("remontees-relire", "agent2", "/journee/", ouvrir="Relire la réponse"),
    Capture("remontees-courriers", "agent", "/courriers/", (1280, 800)),
    Capture("remontees-comite", "agent", "/remontees/comite/"),
    Capture("remontees-regles", "agent", "/remontees/regles/"),
    Capture("remontees-signaux", "agent", "/remontees/signaux/"),
    Capture("remontees-imports", "agent", "/remontees/imports/"),
    Capture("remontees-open311", "agent", "/remontees/open311/"),
    Capture("remontees-service", "direction", "/remontees/dossiers/"),
    Capture("remontees-public", "", "/remontees/", TELEPHONE),
)


def entrer(navigateur: Browser, adresse: str, compte: str) -> Page:
    contexte = navigateur.new_context(
        base_url=adresse, locale="fr-FR", timezone_id="Europe/Paris", bypass_csp=True
    )
    page = contexte.new_page()
    if compte:
        page.goto("/mot-de-passe/")
        page.locator("main [name=login]").fill(f"{compte}@{DOMAINE}")
        page.locator("main [name=password]").fill(MOT_DE_PASSE)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(lambda url: "mot-de-passe" not in url)
    return page


def prendre(page: Page, capture: Capture) -> int:
    """Take the screenshot. Returns the size of the file in bytes."""
    largeur, hauteur = capture.ecran
    page.set_viewport_size({"width": largeur, "height": hauteur})
    reponse = page.goto(capture.chemin)
    if reponse is None or not reponse.ok:
        sys.exit(f"{capture.chemin} ne s’ouvre pas : rechargez la démonstration (make demo).")
    if capture.ouvrir:
        page.get_by_role("link", name=capture.ouvrir, exact=True).first.click()
        page.wait_for_load_state()
    page.add_style_tag(content=SANS_BANDEAU)
    image = Image.open(io.BytesIO(page.screenshot()))
    fichier = DOSSIER / f"{capture.nom}.png"
    image.convert("RGB").quantize(COULEURS).save(fichier, optimize=True)
    return fichier.stat().st_size


def main() -> None:
    adresse = os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    chemin = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chemin is None:
        sys.exit("Chromium manque : make test l’installe.")
    DOSSIER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as lance:
        navigateur = lance.chromium.launch(executable_path=chemin)
        pages: dict[str, Page] = {}
        octets = 0
        for capture in CAPTURES:
            page = pages.get(capture.compte) or entrer(navigateur, adresse, capture.compte)
            pages[capture.compte] = page
            octets += prendre(page, capture)
        navigateur.close()
    print(f"{len(CAPTURES)} images dans docs/images, {octets // 1024} Kio en tout.")


if __name__ == "__main__":
    main()
