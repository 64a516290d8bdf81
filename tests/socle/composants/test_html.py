"""HTML of the pages: autofill of fields, named landmarks, valid attributes."""

import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pkgutil import walk_packages

from django import forms
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.urls import get_resolver

from participation.socle.forms.rendu import Rendu
from tests.maison import APPS, RACINE, code

GABARITS = sorted((RACINE / "templates").rglob("*.html"))


def formulaires() -> Iterator[type[forms.BaseForm]]:
    assert get_resolver().url_patterns
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if re.search(r"\.(forms|filters)(\.|$)", module.name):
                import_module(module.name)
    reste = [forms.BaseForm]
    while reste:
        classe = reste.pop()
        reste += classe.__subclasses__()
        if classe.__module__.split(".")[0] in APPS and "admin" not in classe.__module__:
            yield classe


def de_quelqu_un(nom: str, champ: forms.Field, tous: dict[str, forms.Field]) -> bool:
    """Return True for a field about the identity of a person."""
    if isinstance(champ, forms.IntegerField):
        return False
    moi = isinstance(champ, forms.EmailField) or re.search("prenom|courriel|telephone", nom) is not None
    return moi or (nom == "nom" and "prenom" in tous)


def test_a_field_about_a_person_says_whether_the_browser_may_fill_it():
    sans = {
        f"{classe.__module__}.{classe.__name__}.{nom}"
        for classe in formulaires()
        for nom, champ in getattr(classe, "base_fields", {}).items()
        if not champ.widget.is_hidden
        and de_quelqu_un(nom, champ, classe.base_fields)
        and "autocomplete" not in champ.widget.attrs
    }
    assert sans == set()


def test_each_article_has_a_name():
    sans = [
        f"{gabarit.name} : {balise}"
        for gabarit in GABARITS
        for balise in re.findall(r"<article[^>]*>", gabarit.read_text())
        if "aria-label" not in balise
    ]
    assert sans == []


def test_attributes_of_ours_are_those_that_html_lets_one_add():
    motif = re.compile(r"(?<![-\w])hx-[a-z-]+=")
    sources = [*GABARITS, *code(*APPS)]
    assert [str(f.relative_to(RACINE)) for f in sources if motif.search(f.read_text())] == []


def test_no_script_is_shipped_that_no_page_loads():
    textes = "".join(f.read_text() for f in (*GABARITS, *(RACINE / "static/js").rglob("*.js")))
    vendus = (RACINE / "static/vendor").rglob("*.js")
    assert [f.name for f in vendus if f.name not in textes and "squire" not in f.name] == []


def test_a_field_is_written_as_django_writes_it():
    class Essai(forms.Form):
        groupe = forms.ChoiceField(
            choices=[("", "—"), ("Une ville", [("l'a", "A & <b>"), ("2", "É")]), ("3", "C")],
            widget=forms.Select(attrs={"data-x": 'a"b', "disabled": True, "hidden": False}),
            required=False,
        )
        plusieurs = forms.MultipleChoiceField(choices=[(1, "Un"), (2, "Deux")], initial=[2])
        oui = forms.NullBooleanField()
        mot = forms.CharField(
            initial='l\'a "b"', widget=forms.TextInput(attrs={"required": True, "hidden": False})
        )
        texte = forms.CharField(initial="<b>\n&", widget=forms.Textarea)
        adresse = forms.EmailField()
        nombre = forms.IntegerField(initial=1234, min_value=0)
        jour = forms.DateField(initial=date(2026, 1, 31))
        case = forms.BooleanField(initial=True)
        un = forms.ChoiceField(choices=[("1", "<i>")], widget=forms.RadioSelect)
        fichier = forms.FileField()

    def lignes(renderer: BaseRenderer) -> list[str]:
        form = Essai(initial={"groupe": "2"}, renderer=renderer)
        boutons = [str(bouton.tag()) for bouton in form["un"].subwidgets]
        return [re.sub(r"\s*\n\s*", "", html) for html in (*map(str, form), *boutons)]

    assert lignes(Rendu()) == lignes(DjangoTemplates())
    assert "selected" in lignes(Rendu())[0]
