"""Preview image (PNG) of a page shared on social networks: kind, title, one figure and a gauge."""

import io
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from participation.socle.collectivite import collectivite
from participation.socle.francais import espacer

LARGEUR, HAUTEUR, MARGE = 1200, 630, 72
POLICES = Path(settings.BASE_DIR) / "static/vendor/atkinson-hyperlegible-next/files"
ENCRE, PAPIER, DISCRET, FOND_JAUGE = "#16212b", "#ffffff", "#4a5763", "#e3e7ea"
LIGNES = 4
LETTRES = 100 * LIGNES  # no line holds so many


@lru_cache(maxsize=1)
def _accents() -> dict[str, str]:
    """Return the accent of each app in the light theme."""
    theme = (Path(settings.BASE_DIR) / "static/css/theme.css").read_text(encoding="utf-8")
    return dict(re.findall(r'\[data-app="(\w+)"\] { --accent: light-dark\((#\w+)', theme))


@lru_cache(maxsize=16)
def _police(graisse: int, taille: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        str(POLICES / f"atkinson-hyperlegible-next-latin-{graisse}-normal.woff2"), taille
    )


def vignette(*, app: str, genre: str, titre: str, fait: str, part: float | None = None) -> bytes:
    """Return the PNG.

    `genre`: « Pétition »; `fait`: « 1 204 signatures sur 1 500 »; `part`: how full the gauge is, from 0 to 1.
    """
    titre = espacer(titre)
    image = Image.new("RGB", (LARGEUR, HAUTEUR), PAPIER)
    plume, accent = ImageDraw.Draw(image), _accents().get(app, ENCRE)
    plume.rectangle((0, 0, LARGEUR, 20), fill=accent)
    plume.text((MARGE, 66), genre, font=_police(600, 34), fill=accent)
    haut = 124
    for ligne in couper(titre):
        plume.text((MARGE, haut), ligne, font=_police(700, 60), fill=ENCRE)
        haut += 74
    plume.text((MARGE, 448), fait, font=_police(600, 38), fill=ENCRE)
    if part is not None:
        droite = LARGEUR - MARGE
        plume.rounded_rectangle((MARGE, 504, droite, 526), 11, fill=FOND_JAUGE)
        if part > 0:
            plein = MARGE + max(22, round((droite - MARGE) * min(part, 1.0)))
            plume.rounded_rectangle((MARGE, 504, plein, 526), 11, fill=accent)
    plume.text((MARGE, 556), collectivite().site, font=_police(400, 30), fill=DISCRET)
    sortie = io.BytesIO()
    image.save(sortie, "PNG", optimize=True)
    return sortie.getvalue()


def couper(titre: str) -> list[str]:
    """Cut the title into lines that fit. Beyond LIGNES lines, the last one ends with « … ».

    Each word is measured once, and no line again.
    """
    police, place, lignes = _police(700, 60), LARGEUR - 2 * MARGE, [""]
    espace, prise = police.getlength(" "), 0.0
    for mot in titre[:LETTRES].split():
        large = police.getlength(mot)
        if lignes[-1] and prise + espace + large > place:
            lignes.append(mot)
            prise = large
        else:
            prise += espace + large if lignes[-1] else large
            lignes[-1] = f"{lignes[-1]} {mot}".strip()
        if len(lignes) > LIGNES:
            break
    if len(lignes) > LIGNES:
        lignes = [*lignes[: LIGNES - 1], f"{lignes[LIGNES - 1]} …"]
    return lignes
