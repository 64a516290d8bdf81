"""Run the tests that a change touches: `python -m ops.essais BASE [arguments of pytest]`, or `make essais`.

A file is tried by the tests of its folder: `remontees/tri/actes.py` by `tests/remontees/tri/` if it is there, else by
`tests/remontees/`. A file of the mechanism is tried by all of `tests/socle/`. The rules on the whole of the code always run.
"""

import subprocess
import sys
from itertools import dropwhile
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
# Folders that stand above the apps.
AU_DESSUS = {"participation", "templates", "courriels", "sms", "papier", "pdf"}
TOUJOURS = ("tests/test_architecture.py", "tests/test_ecriture.py")


def changes(base: str) -> list[str]:
    """Return the files that differ from the common ancestor with `base`, and those that git does not know yet."""
    git = ["git", "-C", str(RACINE)]
    depart = subprocess.run([*git, "merge-base", base, "HEAD"], capture_output=True, text=True, check=True)
    sorties = (
        subprocess.run([*git, *commande], capture_output=True, text=True, check=True).stdout.splitlines()
        for commande in (
            ["diff", "--name-only", depart.stdout.strip()],
            ["ls-files", "--others", "--exclude-standard"],
        )
    )
    return [chemin for sortie in sorties for chemin in sortie]


def essais_de(chemin: str) -> str | None:
    """Return the file or folder of tests that tries this file; None where there is none."""
    parties = Path(chemin).parts
    if parties[0] == "tests":
        if Path(chemin).name.startswith("test_"):
            return chemin if (RACINE / chemin).exists() else None
        parties = parties[1:]
    parties = tuple(dropwhile(AU_DESSUS.__contains__, parties))
    if len(parties) < 2:
        return None
    if parties[0] == "socle" and not chemin.startswith("tests/"):
        return "tests/socle"
    for longueur in range(len(parties) - 1, 0, -1):
        dossier = Path("tests", *parties[:longueur])
        if any((RACINE / dossier).rglob("test_*.py")):
            return str(dossier)
    return {"deploy": "tests/exploitation", "ops": "tests/exploitation"}.get(parties[0])


def main(base: str, *arguments: str) -> int:
    cibles = {cible for chemin in changes(base) if (cible := essais_de(chemin))}
    cibles = {c for c in cibles if not any(c != autre and Path(c).is_relative_to(autre) for autre in cibles)}
    choisis = [*sorted(cibles), *(t for t in TOUJOURS if t not in cibles)]
    print("Essais :", *choisis, flush=True)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *choisis, *arguments], cwd=RACINE, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
