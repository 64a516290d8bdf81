"""What axe finds on a page, each thing judged once a run: most of its time went in judging the same button, the same menu, again.

What axe says depends on how a text looks, how a link differs from its text, what an element is and holds, what names it, and the headings and landmarks of
the whole. `contrastes.js` writes each of these as a key. A key is kept only once axe found nothing; a page all of whose keys were kept needs no axe.
Whatever leaves the flow, and so may lie over another background, is always judged.
"""

import os
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Error, Page


class Vus(set[str]):
    """What passed, in any scheme and at any width: colours, and what is visible, are part of a key.

    The processes of a run share one file: each adds what it learns, and reads what the others added.
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
# AXE_ENTIER=1: every page is judged whole, as if nothing had been seen.
ENTIER = bool(os.environ.get("AXE_ENTIER"))
AXE = Axe().axe_script
AXE_EN_ATTENTE = f"window.__axe = () => {{\n{AXE}\n}}"
DONNES: WeakKeyDictionary[BrowserContext, int] = WeakKeyDictionary()
JUGER = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def fautes_d_axe(page: Page, *, couleurs: bool = False, memoire: Vus = VUS) -> list[Any]:
    """The violations of the page as it is now: their `id` and `nodes`. `couleurs`: only those of its colours."""
    for essai in range(3):
        page.wait_for_load_state()
        try:
            return _fautes(page, couleurs, memoire)
        except Error:
            # A click that leads elsewhere took the page from under axe: the one that comes is read.
            if essai == 2:
                raise
    return []


def _donner_axe(page: Page) -> None:
    """Kept in a browser of one's own from its second page on, and compiled there once: given to each page, it was sent and compiled at each."""
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
