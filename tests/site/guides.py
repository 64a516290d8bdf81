"""What the guide of an app says of its acts."""

import importlib
import pkgutil
import re
from types import ModuleType

from participation.socle.workflow import Role, Transition
from tests.maison import RACINE


def actes_tus(workflow: ModuleType, guide: str) -> set[str]:
    """Acts of these tables, done by somebody, that the guide does not name by the text of their button."""
    dits = set(re.findall(r"\*([^*]+)\*", (RACINE / "docs" / guide).read_text(encoding="utf-8")))
    tus = set()
    parties = pkgutil.iter_modules(getattr(workflow, "__path__", []), f"{workflow.__name__}.")
    for module in (workflow, *(importlib.import_module(partie.name) for partie in parties)):
        for table in vars(module).values():
            if not isinstance(table, dict):
                continue
            for acte, pas in table.items():
                if isinstance(pas, Transition) and pas.par - {Role.SYSTEME} and pas.libelle not in dits:
                    tus.add(f"{acte} : {pas.libelle}")
    return tus
