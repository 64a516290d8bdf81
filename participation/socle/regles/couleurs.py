"""Tones of one colour, light and dark, always readable: WCAG 2.2, contrast of 4.5 at least between text and ground."""

from dataclasses import dataclass

LISIBLE = 4.5
BLANC, NOIR = (255, 255, 255), (0, 0, 0)
CLAIR, SOMBRE = (252, 251, 249), (18, 24, 25)  # the grounds of the pages: --fond of theme.css
SURFACE_SOMBRE = (25, 33, 34)
Rvb = tuple[int, int, int]


def lire(couleur: str) -> Rvb:
    """« #24475a » → (36, 71, 90)."""
    rouge, vert, bleu = bytes.fromhex(couleur.removeprefix("#"))
    return rouge, vert, bleu


def ecrire(rvb: Rvb) -> str:
    return "#" + bytes(rvb).hex()


def luminance(rvb: Rvb) -> float:
    rouge, vert, bleu = (
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rvb
    )
    return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu


def contraste(un: Rvb, autre: Rvb) -> float:
    """Return the ratio of contrast, from 1 to 21."""
    bas, haut = sorted((luminance(un), luminance(autre)))
    return (haut + 0.05) / (bas + 0.05)


def meler(rvb: Rvb, vers: Rvb, part: float) -> Rvb:
    """Go from a colour towards another; `part`: 0 to 1."""
    rouge, vert, bleu = (round(c + (v - c) * part) for c, v in zip(rvb, vers, strict=True))
    return rouge, vert, bleu


def _jusqu_a(rvb: Rvb, vers: Rvb, sur: tuple[Rvb, ...], assez: float) -> Rvb:
    """Return the first tone towards `vers` (black or white) that is readable on each ground."""
    tons = (meler(rvb, vers, pas / 50) for pas in range(51))
    return next((ton for ton in tons if all(contraste(ton, fond) >= assez for fond in sur)), vers)


@dataclass(frozen=True, slots=True)
class Tons:
    """What theme.css names --metropole, -fort, -fond, and the two grounds of the footer (--nuit, --nuit-2)."""

    base: str
    fort: str
    fond: str
    nuit: str
    nuit_2: str

    @property
    def css(self) -> str:
        return (
            f"--metropole: {self.base}; --metropole-fort: {self.fort}; --metropole-fond: {self.fond}; "
            f"--nuit: {self.nuit}; --nuit-2: {self.nuit_2};"
        )


def tons_clairs(couleur: str) -> Tons:
    rvb = lire(couleur)
    fond = meler(rvb, BLANC, 0.9)
    base = _jusqu_a(rvb, NOIR, (CLAIR, fond), LISIBLE)
    nuit = _jusqu_a(meler(base, NOIR, 0.35), NOIR, (BLANC,), 9)
    return Tons(*map(ecrire, (base, meler(base, NOIR, 0.3), fond, nuit, meler(nuit, BLANC, 0.06))))


def tons_sombres(couleur: str) -> Tons:
    rvb = lire(couleur)
    fond = meler(meler(rvb, NOIR, 0.3), SOMBRE, 0.75)
    base = _jusqu_a(rvb, BLANC, (SOMBRE, SURFACE_SOMBRE, fond), 7)
    nuit = _jusqu_a(meler(rvb, NOIR, 0.6), NOIR, (BLANC,), 13)
    return Tons(*map(ecrire, (base, meler(base, BLANC, 0.45), fond, nuit, meler(nuit, BLANC, 0.06))))


def feuille(couleur: str) -> str:
    """Return the stylesheet of this colour, to be read after theme.css: light, then dark twice as there."""
    clair, sombre = tons_clairs(couleur).css, tons_sombres(couleur).css
    return (
        f":root {{ {clair} }}\n"
        f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-bs-theme="light"]) {{ {sombre} }} }}\n'
        f'@media screen {{ :root[data-bs-theme="dark"] {{ {sombre} }} }}\n'
    )
