"""The tour and the decisions of docs/ name places of the code that exist."""

import ast
import re
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
ARRETS = re.findall(
    r"^\| \d+\. [^|]+ \| `([^`]+)`, `([^`]+)` \|",
    (RACINE / "docs/developpement/tour.md").read_text(),
    re.MULTILINE,
)
DECISIONS = sorted((RACINE / "docs/developpement/decisions").glob("[0-9]*.md"))


def definitions(chemin: str) -> set[str]:
    arbre = ast.parse((RACINE / chemin).read_text())
    return {
        noeud.name
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def test_the_tour_has_ten_stops() -> None:
    assert len(ARRETS) == 10


@pytest.mark.parametrize(("chemin", "nom"), ARRETS)
def test_each_stop_is_where_the_tour_says(chemin: str, nom: str) -> None:
    if chemin.endswith("urls.py"):
        assert nom in (RACINE / chemin).read_text()
    else:
        assert nom in definitions(chemin)


@pytest.mark.parametrize(
    "page", [*DECISIONS, RACINE / "docs/developpement/tour.md", RACINE / "CONTRIBUTING.md"], ids=str
)
def test_each_file_that_a_page_of_the_engineers_names_exists(page: Path) -> None:
    texte = page.read_text()
    nommes = {nom for nom in re.findall(r"`([\w./-]+/[\w./-]+\.\w+)`", texte) if not nom.startswith(".data")}
    liens = {lien.partition("#")[0] for lien in re.findall(r"\]\(([^)]+)\)", texte) if "://" not in lien}
    absents = [nom for nom in nommes if not (RACINE / nom).exists()]
    absents += [lien for lien in liens if lien and not (page.parent / lien).exists()]
    assert absents == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_why_what_and_at_what_cost(page: Path) -> None:
    titres = re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE)
    assert titres == ["Context", "Decision", "Cost"]
