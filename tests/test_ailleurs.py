"""The site of another collectivité: an invented agglomération of eight communes, and not a word of the first one."""

import ast
import re
import subprocess
from pathlib import Path

from django.conf import settings

RACINE = Path(settings.BASE_DIR)
PAQUET = RACINE / "tests" / "paquets" / "val-perdu"
D_ICI = re.compile(r"grenoble|métropol", re.IGNORECASE)
# Where the words of one place may stand: packs, scenes of the demonstration, tests, benches, guides.
A_PART = re.compile(r"(^|/)(paquets|donnees|demo|tests|docs|bench)/|^README\.md$|(^|/)migrations/")
PRODUIT = re.compile(r"\.(py|html|txt|js|css|svg|json|xml|conf|sh|exemple|service|toml)$")


def fichiers_du_produit() -> list[Path]:
    lus = subprocess.run(["git", "ls-files"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    return [RACINE / nom for nom in lus.splitlines() if PRODUIT.search(nom) and not A_PART.search(nom)]


def test_no_file_of_the_product_names_the_place():
    assert [
        str(lu.relative_to(RACINE))
        for lu in fichiers_du_produit()
        if lu.is_file() and "grenoble" in lu.read_text(encoding="utf-8").lower()
    ] == []


# They say the kinds themselves.
DES_NATURES = {"participation/socle/collectivite.py", "participation/socle/models/reglages.py"}


def test_no_sentence_of_the_product_says_what_kind_it_is():
    """A template says `{% metropole %}`, a text of Python `ici("la {metropole}…")`."""
    fautes = []
    for lu in fichiers_du_produit():
        nom = str(lu.relative_to(RACINE))
        if not lu.is_file() or nom in DES_NATURES:
            continue
        texte = lu.read_text(encoding="utf-8")
        if lu.suffix == ".py" and "étropol" in texte:
            fautes += [f"{nom}:{n.lineno}" for n in litteraux(ast.parse(texte)) if "étropol" in n.value]
        elif nom.startswith("templates/") and "étropol" in texte:
            fautes.append(nom)
    assert fautes == []


def litteraux(arbre: ast.AST) -> list[ast.Constant]:
    """Return the texts of a module, docstrings left out."""
    docstrings = {
        id(noeud.body[0].value)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    return [
        noeud
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str) and id(noeud) not in docstrings
    ]
