"""Theme files: one palette, every icon present, nothing external, nothing inline."""

import re
from pathlib import Path

RACINE = Path(__file__).parents[3]
THEME = (RACINE / "static/css/theme.css").read_text()
SPRITE = (RACINE / "static/img/icones.svg").read_text()
# Letters cannot use our style sheets: they have their own styles.
GABARITS = sorted(set((RACINE / "templates").rglob("*.html")) - {RACINE / "templates/courriels/lettre.html"})
SCRIPTS = sorted((RACINE / "static/js").glob("*.js"))


def bloc(selecteur: str) -> list[str]:
    """Return the declarations of a CSS block, one per line, without spaces."""
    corps = re.search(re.escape(selecteur) + r"\s*\{(.*?)\n\s*\}", THEME, re.DOTALL)
    assert corps, selecteur
    return [ligne.strip() for ligne in corps[1].strip().splitlines()]


def test_the_two_dark_palettes_are_the_same():
    assert bloc(':root:not([data-bs-theme="light"])') == bloc(':root[data-bs-theme="dark"]')


def test_light_and_dark_define_the_same_colours():
    def noms(lignes: list[str]) -> set[str]:
        return set(re.findall(r"(--[\w-]+):", " ".join(lignes)))

    assert noms(bloc(":root")) == noms(bloc(':root[data-bs-theme="dark"]'))


def test_the_accent_of_an_app_is_one_line_of_six_colours():
    """Three colours, each light then dark: `[data-app="x"] { --accent: light-dark(#…, #…); --accent-fort: …; --accent-fond: …; }`."""
    lignes = re.findall(r'^\[data-app="(\w+)"\] {(.*)}$', THEME, re.M)
    assert lignes
    for app, ligne in lignes:
        assert re.fullmatch(
            r"( --accent(|-fort|-fond): light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);){3} ", ligne
        ), f"static/css/theme.css : l’accent de « {app} »"


def test_the_theme_only_calls_files_of_the_site():
    for adresse in re.findall(r'url\("([^"]+)"\)', THEME):
        assert adresse.startswith(("data:image/svg+xml", "../vendor/")), adresse
        if adresse.startswith("../"):
            assert (RACINE / "static/css" / adresse).resolve().exists(), adresse


def test_every_icon_named_by_a_template_is_in_the_sprite():
    dessins = set(re.findall(r'id="i-([\w-]+)"', SPRITE))
    nommes = {nom for g in GABARITS for nom in re.findall(r'{% icone "([\w-]+)"', g.read_text())}
    assert nommes - dessins == set()


def test_templates_hold_no_inline_style_or_script():
    en_ligne = re.compile(r"<style|\sstyle=|\son\w+=\"|javascript:|<script(?![^>]*\ssrc=)")

    assert [gabarit for gabarit in GABARITS if en_ligne.search(gabarit.read_text())] == []


def test_scripts_build_no_html_from_text():
    a_la_main = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function")

    assert SCRIPTS
    assert [script for script in SCRIPTS if a_la_main.search(script.read_text())] == []


def test_paper_is_white_whatever_the_reader_chose():
    sombres = len(re.findall(r"[\s;{]color-scheme: dark", THEME))
    a_l_ecran = re.findall(r"@media screen[^{]*\{\s*:root[^{]*\{\s*color-scheme: dark", THEME)
    assert len(a_l_ecran) == sombres > 0
