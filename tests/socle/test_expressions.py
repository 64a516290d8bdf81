"""Regular expressions on texts of strangers run in linear time.

100,000 characters chosen to slow an expression must cost as much as prose does.
"""

import ast
import contextlib
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core.validators import validate_email
from django.template.defaultfilters import linebreaks, linebreaksbr, truncatechars, truncatewords, urlize

from ccspl.regles.textes import en_paragraphes
from participation.seances.lectures.minutes import texte as minutes
from participation.socle import journaux
from participation.socle.templatetags.composants import typo
from petitions.forms.depot import lire_liste
from tests.maison import APPS, RACINE

LONGUEUR, ESSAI = 100_000, 4_000
# Limits, as multiples of the cost of prose. Thousands of tags cost a parser 100 times that, a quadratic
# expression thousands of times.
FOIS_COURT, FOIS = 60, 400
PROSE = "Madame, nous demandons l’ouverture de la déchèterie le samedi. Écrire à moi@exemple.fr, merci !\n\n"
REPETES = [
    *" a\n\t@0é-_.«!'’/<&:%\u202f",
    *(
        "a@",
        "a.",
        "@a.",
        "a'",
        "1 ",
        "« ",
        " \n",
        "\n \n",
        "/a",
        "<p>",
        "<p> ",
        "&nbsp;",
        "<br>",
        "a@b.",
        "www.a",
    ),
    *("http://a/", "courriel-1", "é-", "/suites/a/", "A1:", "f"),
]
# Not read from strangers: URL routes, and patterns typed by agents, which are escaped.
AILLEURS = {
    "participation/socle/journaux.py",
    "petitions/actions/fraude.py",
    "participation/socle/management",
}
FONCTIONS = {"compile", "sub", "subn", "match", "search", "fullmatch", "findall", "finditer", "split"}


def _expressions() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Return every regular expression of the product: named in a module, or written in a call."""
    for racine in APPS:
        for chemin in sorted((RACINE / racine).rglob("*.py")):
            nom = chemin.relative_to(RACINE).as_posix()
            texte = chemin.read_text()
            if "migrations/" in nom or not re.search(
                r"^import re$|^from re import|Regex", texte, re.MULTILINE
            ):
                continue
            module = import_module(nom.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            connues = [(cle, v) for cle, v in vars(module).items() if isinstance(v, re.Pattern)]
            yield from ((f"{nom} {cle}", motif) for cle, motif in connues)
            for appel in ast.walk(ast.parse(texte)):
                if not (isinstance(appel, ast.Call) and isinstance(appel.func, ast.Attribute) and appel.args):
                    continue
                vise = appel.func.value
                if not (isinstance(vise, ast.Name) and vise.id == "re" and appel.func.attr in FONCTIONS):
                    continue
                if isinstance(appel.args[0], ast.Constant):
                    yield f"{nom}:{appel.lineno}", re.compile(appel.args[0].value)
                else:
                    sur = any(nom.startswith(ailleurs) for ailleurs in AILLEURS)
                    nommee = any(motif.pattern for _, motif in connues) and appel.func.attr == "compile"
                    borne = "NUMERO_MAX" in ast.unparse(appel)
                    assert sur or nommee or borne, f"{nom}:{appel.lineno} : expression que l’essai ne lit pas"


def _lectures() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Return what reads texts of strangers: expressions, then the filters and functions that use several."""
    vues = set()
    for nom, motif in _expressions():
        if motif.pattern in vues:
            continue
        vues.add(motif.pattern)
        if isinstance(motif.pattern, bytes):
            yield nom, lambda texte, m=motif: sum(1 for _ in m.finditer(texte.encode()))
        else:
            yield nom, lambda texte, m=motif: sum(1 for _ in m.finditer(texte))
    yield "masquer", journaux.masquer
    yield "typo", typo
    yield "lire_liste", lire_liste
    yield "en_paragraphes", en_paragraphes
    yield "nettoyer", minutes.nettoyer
    yield "sans_balises", minutes.sans_balises
    yield from ((f.__name__, f) for f in (urlize, linebreaks, linebreaksbr))
    yield "truncatewords", lambda texte: truncatewords(texte, 60)
    yield "truncatechars", lambda texte: truncatechars(texte, 600)
    yield "validate_email", lambda texte: validate_email("a@" + texte)


def _temps(lire: Callable[[str], object], texte: str) -> float:
    debut = time.process_time()
    with contextlib.suppress(Exception):  # a refusal is a valid answer
        lire(texte)
    return time.process_time() - debut


def _hostiles(longueur: int) -> list[str]:
    return [(repete * longueur)[:longueur] + fin for repete in REPETES for fin in ("", "x")]


def test_chaque_expression_est_lineaire():
    """A quadratic expression is 1,600 times slower than prose at 4,000 characters, hours long at 100,000."""
    lectures = list(_lectures())
    assert len(lectures) > 30  # check that the search finds the expressions
    lents = []
    for nom, lire in lectures:
        _temps(lire, PROSE + "/suites/a/")  # loaded at the first call, with the routes
        prose, court = (PROSE * LONGUEUR)[:LONGUEUR], (PROSE * ESSAI)[:ESSAI]
        # Under a millisecond in all, the time is noise.
        repere, repere_court = max(_temps(lire, prose), 0.001), max(_temps(lire, court), 0.001)
        couts = [_temps(lire, texte) for texte in _hostiles(ESSAI)]
        if max(couts) > FOIS_COURT * repere_court:
            lents.append((nom, "court", round(max(couts) / repere_court)))
            continue  # not tried on longer texts
        pires = sorted(range(len(couts)), key=couts.__getitem__)[-2:]
        fois = max(_temps(lire, _hostiles(LONGUEUR)[rang]) for rang in pires) / repere
        if fois > FOIS:
            lents.append((nom, "long", round(fois)))
    assert lents == []


@pytest.mark.parametrize(
    ("ligne", "attendues"),
    [
        ("Ana Costa <ana@exemple.fr>, Bob <bob@exemple.fr>", ["ana@exemple.fr", "bob@exemple.fr"]),
        ("Costa;Ana;ana@exemple.fr", ["ana@exemple.fr"]),
        ("@ana@exemple.fr", ["ana@exemple.fr"]),
    ],
)
def test_une_liste_collee_se_lit_comme_avant(ligne, attendues):
    assert [personne.courriel for personne in lire_liste(ligne).personnes] == attendues


def test_les_espaces_avant_un_signe_se_lient_et_une_adresse_est_masquee():
    assert typo("Oui   ! 12 %") == "Oui\u00a0! 12\u00a0%"
    assert journaux.masquer("à prenom.nom+x@mail.exemple.fr et b@c") == "à …@… et b@c"
