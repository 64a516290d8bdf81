"""Judge pages of the running demonstration by three engines and as readers change them: `python -m ops.audit [word…]`.

What is opened is data, `recettes.toml`: pages, and the menus and errors reached on them. The engines come from npm, and are
loaded in the browser that audits, never by the site. A tool judges few of the criteria: a person writes the audit.
"""

import csv
import os
import shutil
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

ICI = Path(__file__).parent
NPM = ICI.parents[1] / "node_modules"
RECETTES = ICI / "recettes.toml"
CONSTATS = ICI.parents[1] / ".data" / "audit.csv"
DOMAINE, MOT_DE_PASSE = "demo.example.org", "Participer-demo-2026"
ECRAN = ViewportSize(width=1280, height=900)
IBM = NPM / "accessibility-checker-engine" / "ace.js"
HTMLCS = NPM / "html_codesniffer" / "build" / "HTMLCS.js"
MOTEURS = ("axe", "ibm", "htmlcs", "200 %", "1.4.12", "couleurs forcées")
JUGER = (ICI / "juger.js").read_text(encoding="utf-8")
# What a reader sets: a page twice as large (half as wide), its text alone, spaces as WCAG 1.4.12 says.
DOUBLE = "html { font-size: 200% !important }"
ESPACE = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }"
)


@dataclass(frozen=True, slots=True)
class Recette:
    """A page, or what is reached on it. `gestes`: verb, selector, text. `attendu`: what shows that it was reached."""

    nom: str
    adresse: str
    compte: str = ""
    ecran: int = 1280
    gestes: tuple[tuple[str, ...], ...] = ()
    attendu: str = "main h1"


@dataclass(frozen=True, slots=True)
class Constat:
    """A row of the file: `a_juger` when the engine leaves it to a person."""

    page: str
    adresse: str
    moteur: str
    regle: str
    a_juger: bool
    quoi: str
    ou: str


def lire(mots: Iterable[str]) -> tuple[list[Recette], dict[str, list[str]]]:
    """Return the recipes whose name has one of these words, and by engine the rules read by a person and set aside."""
    lu = tomllib.loads(RECETTES.read_text(encoding="utf-8"))
    toutes = [Recette(**{**page, "gestes": tuple(map(tuple, page.get("gestes", ())))}) for page in lu["page"]]
    voulus = [mot.lower() for mot in mots]
    gardees = [r for r in toutes if not voulus or any(mot in r.nom.lower() for mot in voulus)]
    return gardees, {moteur: list(regles) for moteur, regles in lu["ecartees"].items()}


def entrer(navigateur: Browser, adresse: str, compte: str) -> Page:
    contexte = navigateur.new_context(
        base_url=adresse, locale="fr-FR", timezone_id="Europe/Paris", bypass_csp=True, viewport=ECRAN
    )
    page = contexte.new_page()
    if compte:
        page.goto("/mot-de-passe/")
        page.locator("main [name=login]").fill(f"{compte}@{DOMAINE}")
        page.locator("main [name=password]").fill(MOT_DE_PASSE)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(lambda url: "mot-de-passe" not in url)
    return page


def suivre(page: Page, recette: Recette) -> None:
    """Reach what the recipe says. Raises playwright's Error when the page is not as it says."""
    page.set_viewport_size({"width": recette.ecran, "height": 900})
    page.goto(recette.adresse)
    for verbe, selecteur, *texte in recette.gestes:
        cible = page.locator(selecteur).first
        if verbe == "cliquer":
            cible.click()
        elif verbe == "ecrire":
            cible.fill(texte[0])
        elif verbe == "cocher":
            cible.check()
        elif verbe == "choisir":
            cible.select_option(texte[0])
        else:
            cible.press(verbe)
        page.wait_for_load_state()
    page.locator(recette.attendu).first.wait_for(state="visible", timeout=5000)


def juger(page: Page) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what each engine, then each reader's setting, finds on the page as it is. What an engine adds is taken away."""
    for moteur, source in (
        ("axe", Axe().axe_script),
        ("ibm", IBM.read_text()),
        ("htmlcs", HTMLCS.read_text()),
    ):
        page.evaluate("source => { (0, eval)(source) }", source)  # global, as a script of the page
        yield moteur, page.evaluate(JUGER, moteur)
    for reglage, style, quoi, largeurs in (
        ("200 %", "", "coupe", (640,)),
        ("200 %", DOUBLE, "texte", (1280,)),  # the page may then scroll sideways: nothing of it is lost
        ("1.4.12", ESPACE, "coupe", (1280, 320)),
    ):
        feuille = page.add_style_tag(content=style or "/**/")
        trouves = []
        for largeur in largeurs:
            page.set_viewport_size({"width": largeur, "height": 900})
            trouves += page.evaluate(JUGER, quoi)
        feuille.evaluate("feuille => feuille.remove()")
        page.set_viewport_size(ECRAN)
        yield reglage, trouves
    page.emulate_media(forced_colors="active")
    yield "couleurs forcées", page.evaluate(JUGER, "couleurs")
    page.emulate_media(forced_colors="none")


def constats_de(page: Page, recette: Recette, ecartees: dict[str, list[str]]) -> Iterator[Constat]:
    try:
        suivre(page, recette)
    except Error as faute:
        yield Constat(
            recette.nom, recette.adresse, "recette", "pas atteinte", False, str(faute)[:300], page.url
        )
        return
    for moteur, trouves in juger(page):
        for trouve in trouves:
            if not any(trouve["regle"].startswith(regle) for regle in ecartees.get(moteur, ())):
                yield Constat(
                    recette.nom,
                    recette.adresse,
                    moteur,
                    trouve["regle"],
                    trouve["a_juger"],
                    trouve["quoi"],
                    trouve["ou"],
                )


def dire(recette: Recette, constats: list[Constat]) -> None:
    """Print a line for each engine: how many faults, how many that a person must judge, which rules."""
    perdue = any(constat.moteur == "recette" for constat in constats)
    for moteur in ("recette",) if perdue else MOTEURS:
        siens = [c for c in constats if c.moteur == moteur]
        fautes = Counter(c.regle for c in siens if not c.a_juger)
        regles = ", ".join(f"{regle} × {n}" for regle, n in fautes.most_common(4))
        print(
            f"{recette.nom[:52]:52}  {moteur:16}  {fautes.total():4}  {len(siens) - fautes.total():5}  {regles}"
        )


def main() -> None:
    adresse = os.environ.get("SITE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    chemin = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if chemin is None:
        sys.exit("Chromium manque : make test l’installe.")
    recettes, ecartees = lire(sys.argv[1:])
    tous: list[Constat] = []
    print(f"{'page':52}  {'moteur':16}  {'faute':>4}  {'juger':>5}  règles")
    with sync_playwright() as lance:
        navigateur = lance.chromium.launch(executable_path=chemin)
        pages: dict[str, Page] = {}
        for recette in recettes:
            page = pages.get(recette.compte) or entrer(navigateur, adresse, recette.compte)
            pages[recette.compte] = page
            siens = list(constats_de(page, recette, ecartees))
            dire(recette, siens)
            tous += siens
        navigateur.close()
    CONSTATS.parent.mkdir(exist_ok=True)
    with CONSTATS.open("w", encoding="utf-8", newline="") as fichier:
        table = csv.writer(fichier, delimiter=";")
        table.writerow(champ.name for champ in fields(Constat))
        table.writerows(map(astuple, tous))
    fautes = sum(not constat.a_juger for constat in tous)
    print(f"{len(recettes)} pages, {fautes} fautes, {len(tous) - fautes} points à juger : {CONSTATS}")
    sys.exit(bool(fautes))


if __name__ == "__main__":
    main()
