"""The contrast judged once a look misses nothing that axe alone would find."""

import pytest

from tests.contrastes import fautes_d_axe

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title><style>
body {{ color: #222; background: #fff }} .clair {{ color: #777 }} .fond {{ background: {fond} }} {style}
</style></head><body><main><h1>Essai</h1><div class="fond"><p>Un texte</p><p class="{classe}">Un autre</p></div></main></body></html>"""


def contrastes(
    page, memoire: set[str], *, fond: str = "#fff", classe: str = "", style: str = ""
) -> list[str]:
    page.set_content(PAGE.format(fond=fond, classe=classe, style=style))
    return [
        noeud["html"]
        for faute in fautes_d_axe(page, memoire=memoire)
        if faute["id"] == "color-contrast"
        for noeud in faute["nodes"]
    ]


def test_a_look_that_passed_is_not_judged_again_and_one_that_failed_always_is(page):
    memoire: set[str] = set()
    assert contrastes(page, memoire) == []
    connus = set(memoire)
    assert connus
    assert contrastes(page, memoire) == []
    assert memoire == connus
    for _ in range(2):
        fautes = contrastes(page, memoire, classe="clair", fond="#eee")
        assert set(fautes) == {'<p class="clair">Un autre</p>'}


@pytest.mark.parametrize(
    "change",
    [
        {"fond": "#555"},
        {"style": ".fond { opacity: .5 }"},
        {"style": ".fond p + p { color: #999 }"},
        {"style": "main { background: #333 }", "fond": "transparent"},
    ],
    ids=["background", "opacity", "colour", "what is behind"],
)
def test_the_same_words_in_another_look_are_judged(page, change):
    memoire: set[str] = set()
    assert contrastes(page, memoire) == []
    assert contrastes(page, memoire, **change) != []


def test_what_leaves_the_flow_is_judged_each_time(page):
    memoire: set[str] = set()
    dessous = ".fond p + p { position: absolute; top: 0 }"
    assert contrastes(page, memoire, style=dessous) == []
    noir = dessous + " h1 { background: #333; color: #fff; margin: 0; height: 40px }"
    assert contrastes(page, memoire, style=noir) != []


def test_a_size_too_small_for_its_contrast_is_judged(page):
    memoire: set[str] = set()
    assert contrastes(page, memoire, classe="clair", fond="#f4f4f4", style=".clair { font-size: 40px }") == []
    assert contrastes(page, memoire, classe="clair", fond="#f4f4f4") != []


def test_the_twins_of_a_text_of_which_axe_is_not_sure_are_judged(page):
    """The first text lies under another box: axe says nothing of it, and must say what it thinks of the second."""
    memoire: set[str] = set()
    cache = "h1 { position: absolute; top: 0; left: 0; width: 100%; height: 45px; background: #fff; margin: 0; z-index: 2 }"
    style = cache + " body { margin: 0 } p { color: #999; margin: 0; height: 60px }"
    assert '<p class="">Un autre</p>' in contrastes(page, memoire, style=style)
