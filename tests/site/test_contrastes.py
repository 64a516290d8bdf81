"""The keys of `tests/greffons/contrastes.py` miss no fault that axe alone would find."""

import pytest

from tests.greffons.contrastes import Vus, fautes_d_axe

PAGE = """<!doctype html><html lang="fr"><head><title>Essai</title><style>
body {{ color: #222; background: #fff }} .clair {{ color: #777 }} .fond {{ background: {fond} }} {style}
</style></head><body><main><h1>Essai</h1><div class="fond"><p>Un texte</p><p class="{classe}">Un autre</p></div></main></body></html>"""


def contrastes(page, memoire: Vus, *, fond: str = "#fff", classe: str = "", style: str = "") -> list[str]:
    page.set_content(PAGE.format(fond=fond, classe=classe, style=style))
    return [
        noeud["html"]
        for faute in fautes_d_axe(page, memoire=memoire)
        if faute["id"] == "color-contrast"
        for noeud in faute["nodes"]
    ]


def test_a_look_that_passed_is_not_judged_again_and_one_that_failed_always_is(page):
    memoire = Vus()
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
    memoire = Vus()
    assert contrastes(page, memoire) == []
    assert contrastes(page, memoire, **change) != []


def test_what_leaves_the_flow_is_judged_each_time(page):
    memoire = Vus()
    dessous = ".fond p + p { position: absolute; top: 0 }"
    assert contrastes(page, memoire, style=dessous) == []
    noir = dessous + " h1 { background: #333; color: #fff; margin: 0; height: 40px }"
    assert contrastes(page, memoire, style=noir) != []


def test_what_leaves_the_box_that_hides_the_rest_or_is_drawn_over_a_colour_is_judged(page):
    memoire = Vus()
    sombre = "main { background: #333; padding-bottom: 90px } h1 { background: #333; color: #fff; margin: 0 } p { margin: 0 } "
    assert contrastes(page, memoire, style=sombre) == []
    assert contrastes(page, memoire, style=sombre + ".fond { margin: 0 8px 0 -1px }") == []
    assert '<p class="">Un autre</p>' in contrastes(page, memoire, style=sombre + ".fond { height: 5px }")
    recule = sombre + "main { background: #fff } .fond { margin-top: -28px; height: 90px }"
    assert "<p>Un texte</p>" in contrastes(page, memoire, fond="transparent", style=recule)


def test_a_size_too_small_for_its_contrast_is_judged(page):
    memoire = Vus()
    assert contrastes(page, memoire, classe="clair", fond="#f4f4f4", style=".clair { font-size: 40px }") == []
    assert contrastes(page, memoire, classe="clair", fond="#f4f4f4") != []


def test_the_twins_of_a_text_of_which_axe_is_not_sure_are_judged(page):
    """The first text is under another box, so axe cannot judge it: the second text must still be judged."""
    memoire = Vus()
    cache = "h1 { position: absolute; top: 0; left: 0; width: 100%; height: 45px; background: #fff; margin: 0; z-index: 2 }"
    style = cache + " body { margin: 0 } p { color: #999; margin: 0; height: 60px }"
    assert '<p class="">Un autre</p>' in contrastes(page, memoire, style=style)


FORMULAIRE = """<!doctype html><html lang="fr"><head><title>{titre}</title><style>a {{ color: #00c }}</style></head><body>
<header><nav aria-label="Menu"><ul><li><a href="/un/">{mot}</a></li><li><a href="/deux/">Deux</a></li></ul></nav></header>
<main><h1>{mot}</h1><h2>Une partie</h2><p>Un texte assez long pour un lien : <a href="/trois/">{mot}</a>.</p>
<form><label for="a">{mot}</label><input id="a" name="a" aria-describedby="aide"><p id="aide">Une aide</p>
<input id="b" name="b" aria-label="Autre"><button>Envoyer</button></form>
<table><thead><tr><th scope="col">Un</th><th scope="col">Deux</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>
<ul><li>Un</li><li>Deux</li></ul></main></body></html>"""


def test_a_page_that_differs_by_its_words_needs_no_axe_and_any_fault_of_its_structure_is_found(page):
    memoire = Vus()

    def fautes(avant: str = "", apres: str = "", **mots: str) -> set[str]:
        html = FORMULAIRE.format(**{"titre": "Essai", "mot": "Un mot", **mots})
        assert avant in html
        page.set_content(html.replace(avant, apres, 1) if avant else html)
        return {faute["id"] for faute in fautes_d_axe(page, memoire=memoire)}

    assert fautes() == set()
    connus = set(memoire)
    page.goto("about:blank")
    assert fautes(mot="Un autre mot", titre="Ailleurs") == set()
    assert fautes("<li>Un</li>", "<li>Un</li><li>Trois</li>") == set()
    assert fautes("/deux/", "/quatre/") == set()
    assert (memoire, page.evaluate("!!window.axe")) == (connus, False)
    for avant, apres, faute in (
        ('<label for="a">', "<label>", "label"),
        ('aria-label="Autre"', "", "label"),
        ('aria-label="Autre"', 'aria-label=" "', "label"),
        ('id="a" name', 'id="z" name', "label"),
        ("<h2>Une partie</h2>", "<h3>Une partie</h3>", "heading-order"),
        ("<h1>", "<h2>", "page-has-heading-one"),
        ("<h2>Une partie</h2>", "<h2></h2>", "empty-heading"),
        ('<a href="/trois/">Un mot</a>', '<a href="/trois/"></a>', "link-name"),
        ("<button>Envoyer", "<button>", "button-name"),
        ("<button>", '<button role="bouton">', "aria-roles"),
        ("<button>", '<button aria-pressed="peut-être">', "aria-valid-attr-value"),
        ("<li>Un</li>", "<div>Un</div>", "list"),
        ("<li>Un</li>", '<li role="checkbox">Un</li>', "aria-required-attr"),
        ("<p>Un texte", '<p lang="xx-essai">Un texte', "valid-lang"),
        ("</main>", "</main><p>Dehors</p>", "region"),
        ("</header>", '</header><nav aria-label="menu"><a href="/">Trois</a></nav>', "landmark-unique"),
        ("<main>", "<div>", "landmark-one-main"),
        ("<p>Un texte", '<img src="data:,"><p>Un texte', "image-alt"),
        ("<p>Un texte", '<p tabindex="3">Un texte', "tabindex"),
        ('lang="fr"', "", "html-has-lang"),
        ("<title>Essai</title>", "<title></title>", "document-title"),
        ('scope="col"', 'scope="colonne"', "scope-attr-valid"),
        ("<input id", '<input autocomplete="rien" id', "autocomplete-valid"),
        ("<button>", '<button><a href="/x/">Aller</a>', "nested-interactive"),
        ("<ul><li>Un</li>", '<ul aria-hidden="true"><li><a href="/">Un</a></li>', "aria-hidden-focus"),
        (
            "<style>",
            "<style>p a { color: #333; text-decoration: none } p { color: #222 } ",
            "link-in-text-block",
        ),
        ("<style>", "<style>label { display: none } ", "label"),
    ):
        trouvees = fautes(avant, apres)
        assert faute in trouvees, (avant, apres, trouvees)
        # Keys that failed were not kept.
        assert faute in fautes(avant, apres), (avant, apres)
    assert fautes() == set()


def test_what_one_process_passed_another_knows(tmp_path):
    ici, la = Vus(), Vus()
    ici.fichier = la.fichier = tmp_path / "axe"
    la.relire()
    ici.retenir(["t1", "e2"])
    la.retenir(["p3"])
    for vus in (ici, la):
        vus.relire()
        assert vus == {"t1", "e2", "p3"}
