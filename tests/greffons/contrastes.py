"""Run axe on pages, and judge each element once per run: most of the time went on repeated buttons and menus.

The result of axe depends on the style of a text, how a link differs from its text, the role, content and name
of an element, and the headings and landmarks of the page. `contrastes.js` writes each of these as a key. A
key is kept only once axe found no fault in it; a page with only kept keys is not checked again. Elements out
of the flow may lie over another background, and are always checked.
"""

import os
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Error, Page


class Vus(set[str]):
    """Keys that passed, for any colour scheme and width: colours and visibility are part of a key.

    The processes of a run share one file: each adds its keys and reads those of the others.
    """

    fichier: Path | None = None
    lu = 0

    def relire(self) -> None:
        if self.fichier and self.fichier.exists():
            with self.fichier.open("rb") as fichier:
                fichier.seek(self.lu)
                lignes = fichier.read()
            lignes = lignes[: lignes.rfind(b"\n") + 1]
            self.lu += len(lignes)
            self.update(lignes.decode().split())

    def retenir(self, cles: list[str]) -> None:
        neuves = set(cles) - self
        self.update(neuves)
        if self.fichier and neuves:
            with self.fichier.open("ab", buffering=0) as fichier:
                fichier.write("".join(f"{cle}\n" for cle in neuves).encode())


VUS = Vus()
# AXE_ENTIER=1 checks every page whole, without the keys that passed.
ENTIER = bool(os.environ.get("AXE_ENTIER"))
AXE = Axe().axe_script
AXE_EN_ATTENTE = f"window.__axe = () => {{\n{AXE}\n}}"
DONNES: WeakKeyDictionary[BrowserContext, int] = WeakKeyDictionary()
JUGER = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def fautes_d_axe(page: Page, *, couleurs: bool = False, memoire: Vus = VUS) -> list[Any]:
    """Return the axe violations of the page: `id` and `nodes`. `couleurs`: only the rules on colours."""
    for essai in range(3):
        page.wait_for_load_state()
        try:
            return _fautes(page, couleurs, memoire)
        except Error:
            # A click navigated during the check: check the page that comes next.
            if essai == 2:
                raise
    return []


def _donner_axe(page: Page) -> None:
    """Load axe in the page.

    From the second page of a browser on, axe is kept there compiled, not sent again.
    """
    deja = DONNES.get(page.context, 0)
    DONNES[page.context] = deja + 1
    if deja == 1:
        page.context.add_init_script(AXE_EN_ATTENTE)
    if not page.evaluate("() => window.__axe && !window.__axe()"):
        page.evaluate(AXE)


def _fautes(page: Page, couleurs: bool, memoire: Vus) -> list[Any]:
    vu = page.evaluate(JUGER, [couleurs, None])
    memoire = Vus() if ENTIER else memoire
    memoire.relire()
    nouvelles = [cle for cle in vu["autres"] if cle not in memoire]
    for cle in vu["textes"]:
        aspect, _, place = cle.partition("/")
        if aspect not in memoire and not (place and place in memoire):
            nouvelles.append(aspect)
    if not nouvelles:
        return []
    if not vu["axe"]:
        _donner_axe(page)
    juge = page.evaluate(JUGER, [couleurs, nouvelles])
    memoire.retenir(juge["passes"])
    return list(juge["fautes"])
