"""What `make couverture` prints: the share of the product that the tests enter, by app, and the modules with most holes.

python -m ops.couverture [COMBIEN]
"""

import json
import sys
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from typing import Any

import coverage

MESURE = Path(".data/couverture/mesure.json")


def app_de(chemin: str) -> str:
    premier, _, suite = chemin.partition("/")
    return f"{premier}.{suite.partition('/')[0]}" if premier == "participation" and "/" in suite else premier


def part(mesures: list[dict[str, Any]]) -> str:
    """Lines and branches entered, out of those there are."""
    total = sum(une["num_statements"] + une["num_branches"] for une in mesures)
    entrees = sum(une["covered_lines"] + une["covered_branches"] for une in mesures)
    return f"{100 * entrees / (total or 1):5.1f} %"


def trous(fichier: dict[str, Any]) -> str:
    """Lines never entered, then the ways never taken from a line that was."""
    jamais = sorted(fichier["missing_lines"])
    suites = [
        [ligne for _, ligne in suite]
        for _, suite in groupby(enumerate(jamais), key=lambda rang_ligne: rang_ligne[1] - rang_ligne[0])
    ]
    lignes = [str(suite[0]) if len(suite) == 1 else f"{suite[0]}-{suite[-1]}" for suite in suites]
    prises = [(de, vers) for de, vers in fichier["missing_branches"] if de not in jamais]
    return " ".join([*lignes, *(f"{de}→{vers if vers > 0 else 'sortie'}" for de, vers in prises)])


def main(combien: int = 60) -> None:
    fichiers: dict[str, Any] = json.loads(MESURE.read_text(encoding="utf-8"))["files"]
    par_app = defaultdict(list)
    for chemin, fichier in fichiers.items():
        par_app[app_de(chemin)].append(fichier["summary"])
    for app, mesures in sorted(par_app.items()):
        print(f"{part(mesures)}  {app}")
    print(f"{part([fichier['summary'] for fichier in fichiers.values()])}  en tout\n")
    manquent = {
        chemin: fichier["summary"]["missing_lines"] + fichier["summary"]["missing_branches"]
        for chemin, fichier in fichiers.items()
    }
    for chemin in sorted(manquent, key=lambda un: (-manquent[un], un))[:combien]:
        if manquent[chemin]:
            print(f"{part([fichiers[chemin]['summary']])}  {chemin} : {trous(fichiers[chemin])}")


def pytest_sessionfinish() -> None:
    """With `-p ops.couverture`, each process writes before it is told to go: one that writes while it goes may be killed."""
    if mesure := coverage.Coverage.current():
        mesure.save()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
