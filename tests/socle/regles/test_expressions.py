"""Regular expressions on texts of strangers run in linear time.

100,000 characters chosen to slow an expression must cost as much as prose does.
"""

import ast
import contextlib
import inspect
import itertools
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any
from unittest import mock

import pytest
from django.core.validators import validate_email
from django.template.defaultfilters import linebreaks, linebreaksbr, truncatechars, truncatewords, urlize

from ccspl.redaction.actes import en_paragraphes
from participation.seances.proces_verbaux import texte as minutes
from participation.socle.graphiques import vignette
from participation.socle.graphiques.vignette import LETTRES, couper
from participation.socle.http import journaux
from participation.socle.regles import redaction, tableaux, traces
from participation.socle.templatetags.composants import typo
from petitions.copetitionnaires.actes import lire_liste
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
    "participation/socle/http/journaux.py",
    "petitions/fraude/actes.py",
    "participation/socle/management",
}
FONCTIONS = {"compile", "sub", "subn", "match", "search", "fullmatch", "findall", "finditer", "split"}


@cache
def _expressions() -> list[tuple[str, re.Pattern[Any]]]:
    """Return every regular expression of the product: named in a module, or written in a call."""
    return list(_lire_les_expressions())


def _lire_les_expressions() -> Iterator[tuple[str, re.Pattern[Any]]]:
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
    """Return the filters and functions that read texts of strangers with several expressions each."""
    yield "masquer", journaux.masquer
    yield "traces.masquer", traces.masquer
    yield "typo", typo
    yield "lire_liste", lire_liste
    yield "relire", lambda texte: redaction.relire(texte, mots_par_phrase=25)
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


@cache
def _hostiles(longueur: int) -> list[str]:
    return [(repete * longueur)[:longueur] + fin for repete in REPETES for fin in ("", "x")]


def test_ce_qui_lit_un_texte_entier_est_lineaire():
    """A quadratic reading is 1,600 times slower than that of prose at 4,000 characters, hours long at 100,000."""
    lents = []
    prose, court = (PROSE * ESSAI)[:LONGUEUR], (PROSE * ESSAI)[:ESSAI]
    for nom, lire in _lectures():
        _temps(lire, PROSE + "/suites/a/")  # loaded at the first call, with the routes
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


# What begins a text, then is repeated: half of the slow expressions need a beginning that they know.
DEBUTS = ["De :", "Le 1 ", "http://", "=?a?q?", "<p ", '"']
POMPES = [" ", "\n", ",", "a", "0", ">", "-", ".", "a ", "ok ", "&#", "(("]
MINUSCULE, COURT, MOYEN, LARGE = 20, 500, 4_000, 16_000
# Seconds of CPU: below BRUIT, a cost is noise; above the others, nothing longer is tried.
BRUIT, ASSEZ = 0.03, {MINUSCULE: 0.004, COURT: 0.1}
FOIS_QUATRE = 9  # four times the text costs four times as much; sixteen for a quadratic reading


def _mots_de(motif: re.Pattern[Any]) -> list[str]:
    """Return the words and signs that the expression itself is made of."""
    texte = motif.pattern if isinstance(motif.pattern, str) else motif.pattern.decode("latin-1")
    nu = re.sub(r"\\[a-zA-Z]|\(\?[^)]{0,4}", "|", texte)
    mots = re.findall(r"[^\W\d_]{2,12}|[^\w\s\\()\[\]{}?*+|^$.]{1,3}", nu)[:4]
    ouvrants = re.findall(r"<\w+|(?<=\\)[\[({]", texte)[
        :2
    ]  # `[` of `\[([^\]]+)\]`, `<a` of `<a[^>]*`: a sign that nothing closes
    return list(dict.fromkeys([*mots, *ouvrants]))


def _facons_de_lire(motif: re.Pattern[Any]) -> Iterator[Callable[[str], object]]:
    """Return the ways to use an expression: found anywhere, or as the whole text, which gives up last."""
    for faire in (lambda t: sum(1 for _ in motif.finditer(t)), motif.fullmatch):
        yield lambda t, f=faire: f(t.encode() if isinstance(motif.pattern, bytes) else t)


def _fonctions_de_texte() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Return the rules that are given one text, or bytes: whatever the library inside, they read strangers."""
    for racine in APPS:
        for chemin in sorted((RACINE / racine).rglob("*.py")):
            nom = chemin.relative_to(RACINE).as_posix()
            if "/regles/" not in nom and "/regles." not in nom:
                continue
            module = import_module(nom.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
            for cle, faire in vars(module).items():
                if not inspect.isfunction(faire) or faire.__module__ != module.__name__:
                    continue
                exiges = [p for p in inspect.signature(faire).parameters.values() if p.default is p.empty]
                if [p.annotation for p in exiges] == [str]:
                    yield f"{nom} {cle}", faire
                elif [p.annotation for p in exiges] == [bytes]:
                    yield f"{nom} {cle}", lambda texte, f=faire: f(texte.encode())


def _est_trop_lent(lire: Callable[[str], object], debuts: list[str], pompes: list[str]) -> str:
    """Return the text on which the cost grows faster than the text; sizes grow only while the cost stays small."""
    couts: dict[tuple[str, str], float] = {}
    for longueur, assez in ASSEZ.items():
        for debut, pompe in itertools.product(debuts, pompes):
            texte = _de_taille(debut, pompe, longueur)
            couts[debut, pompe] = _temps(lire, texte)
            if couts[debut, pompe] > assez and _temps(lire, texte) > assez:  # twice: no accident
                return f"{debut!r} {pompe!r} : {couts[debut, pompe]:.2f} s à {longueur}"
    for debut, pompe in sorted(couts, key=couts.__getitem__)[-2:]:
        moyen = min(_temps(lire, _de_taille(debut, pompe, MOYEN)) for _ in range(2))
        plafond = max(BRUIT, FOIS_QUATRE * moyen)
        large = _temps(lire, _de_taille(debut, pompe, LARGE))
        if (
            large > plafond and (large := _temps(lire, _de_taille(debut, pompe, LARGE))) > plafond
        ):  # no accident
            return f"{debut!r} {pompe!r} : {moyen:.3f} s à {MOYEN}, {large:.3f} s à {LARGE}"
    return ""


def _de_taille(debut: str, pompe: str, longueur: int) -> str:
    return debut + (pompe * longueur)[:longueur] + "x\x01"


def test_aucune_expression_n_est_lente_apres_un_debut_qu_elle_connait():
    lentes = {}
    assert len(_expressions()) > 30  # check that the search finds them
    for nom, motif in {motif.pattern: (nom, motif) for nom, motif in _expressions()}.values():
        mots = _mots_de(motif)
        for lire in _facons_de_lire(motif):
            if dit := _est_trop_lent(lire, ["", *mots, "".join(mots[:2])], [*POMPES[:8], *mots]):
                lentes[nom] = dit
    assert lentes == {}


def test_aucune_regle_ne_lit_un_texte_plus_que_lineairement():
    fonctions = list(_fonctions_de_texte())
    assert {
        "remontees/messages/regles.py separer",
        "remontees/boite/regles.py lire",
        "participation/socle/regles/tableaux.py separateur_de",
    } <= {n for n, _ in fonctions}
    # Slow on purpose, and one of `fonctions`: what calls it is not tried with it again, and it is given only the
    # beginnings that a cell may have for its library (nothing, a quote, an address).
    debuts = {tableaux.separateur_de: ["", '"', "http://"]}
    with mock.patch.object(tableaux, "separateur_de", return_value=";"):
        lentes = {
            nom: dit
            for nom, lire in fonctions
            if (dit := _est_trop_lent(lire, debuts.get(lire, ["", *DEBUTS]), POMPES))
        }
    assert lentes == {}


def test_un_titre_se_coupe_en_lignes_en_un_temps_lineaire():
    """Letters without width, which the library that measures a line reads again for each."""
    moyen, large = (_temps(couper, "\u200b" * longueur) for longueur in (MOYEN, LARGE))
    assert large < max(BRUIT, FOIS_QUATRE * moyen)


def test_chaque_mot_d_un_titre_n_est_mesure_qu_une_fois(monkeypatch):
    """The letters given to be measured are counted: no clock."""
    mesurees = []

    class Police:
        def getlength(self, texte):
            mesurees.append(texte)
            return 0.0 if "invisible" in texte else 30.0 * len(texte)

    monkeypatch.setattr(vignette, "_police", lambda *_: Police())
    for titre in ("a " * LETTRES, "invisible " * LETTRES, "a" * LETTRES):
        mesurees.clear()
        couper(titre)
        assert len("".join(mesurees)) <= LETTRES + 1, titre[:20]
    assert couper("aa " * 60) == [*[" ".join(["aa"] * 12)] * 3, " ".join(["aa"] * 12) + " …"]


def test_le_garde_reconnait_une_lecture_lente():
    """The expressions that once stopped every letter, and one whose cost doubles with each sign."""
    for motif in (r"(?:De|From) :[ *]*\s*:", r"(?:bonjour|,| )+[\s,.!]*", r"(?:a|a)*!"):
        lire = re.compile(motif).fullmatch
        assert _est_trop_lent(lire, ["", "De :"], POMPES), motif


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
