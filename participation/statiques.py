"""Static files in production: compressed, named by content, with only the rules of Bootstrap in use.

In tests and in development Bootstrap is complete: a class used for the first time works at once, and is kept
by the next `collectstatic`.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2
from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

BOOTSTRAP = "vendor/bootstrap/bootstrap.min.css"
MOT = re.compile(r"[A-Za-z][\w-]*")
CLASSE = re.compile(r"\.((?:\\.|[\w-])+)")
# Conditions on other elements than the one to display.
SAUF = re.compile(r":not\([^()]*\)")
# At-rules that contain rules.
IMBRIQUEES = frozenset({"media", "supports"})


class Statiques(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Any:
        if BOOTSTRAP in paths and not dry_run:
            feuille = Path(self.path(BOOTSTRAP))
            # From its source: the collected file may be that of an earlier release, and lack its rules.
            source, nom = paths[BOOTSTRAP]
            with source.open(nom) as pleine:
                feuille.write_text(alleger(pleine.read().decode(), mots_employes()))
            paths = {**paths, BOOTSTRAP: (self, BOOTSTRAP)}  # the collected file, not its source
        yield from super().post_process(paths, dry_run, **options)


def sources() -> Iterator[Path]:
    """Yield the files where the name of a class may be written."""
    racine = Path(settings.BASE_DIR)
    yield from (racine / "templates").rglob("*.html")
    yield from (racine / "static/js").rglob("*.js")
    for app in {nom.partition(".")[0] for nom in settings.INSTALLED_APPS}:
        yield from (racine / app).rglob("*.py")  # nothing there for the apps of libraries


def mots_employes() -> set[str]:
    return {mot for source in sources() for mot in MOT.findall(source.read_text())}


def alleger(feuille: str, mots: set[str]) -> str:
    """Return the stylesheet without the rules that need a class absent from these words.

    A word that ends with a dash is the beginning of a class completed elsewhere: `btn-{{ couleur }}`.
    """
    debuts = tuple(mot for mot in mots if mot.endswith("-") and len(mot) > 2)

    def est_employee(selecteur: str) -> bool:
        classes = [re.sub(r"\\(.)", r"\1", nom) for nom in CLASSE.findall(SAUF.sub("", selecteur))]
        return all(nom in mots or nom.startswith(debuts) for nom in classes)

    return "".join(_garder(tinycss2.parse_stylesheet(feuille, skip_whitespace=True), est_employee))


def _garder(regles: Iterable[Any], est_employee: Any) -> Iterator[str]:
    for regle in regles:
        if regle.type == "qualified-rule":
            choisis = [s for s in _selecteurs(regle.prelude) if est_employee(s)]
            if choisis:
                yield f"{','.join(choisis)}{{{tinycss2.serialize(regle.content)}}}"
        elif regle.type == "at-rule" and regle.lower_at_keyword in IMBRIQUEES:
            dedans = "".join(
                _garder(tinycss2.parse_rule_list(regle.content, skip_whitespace=True), est_employee)
            )
            if dedans:
                yield f"@{regle.at_keyword}{tinycss2.serialize(regle.prelude)}{{{dedans}}}"
        else:
            yield regle.serialize()


def _selecteurs(prelude: list[Any]) -> Iterator[str]:
    """Yield the selectors of a list. Commas inside parentheses are in a token of their own."""
    courant: list[Any] = []
    for jeton in prelude:
        if jeton.type == "literal" and jeton.value == ",":
            yield tinycss2.serialize(courant).strip()
            courant = []
        else:
            courant.append(jeton)
    yield tinycss2.serialize(courant).strip()
