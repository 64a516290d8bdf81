"""The guides name each act of the Contrat de Ville by the text of its button."""

import importlib
import pkgutil
import re

from django.conf import settings

from contrat_ville import workflow
from participation.socle.workflow import Role, Transition


def test_each_act_that_somebody_does_is_named_in_the_list_of_pages():
    guide = (settings.BASE_DIR / "docs" / "contrat_de_ville_pages.md").read_text(encoding="utf-8")
    dits = set(re.findall(r"\*([^*]+)\*", guide))
    tus = set()
    for module in pkgutil.iter_modules(workflow.__path__, f"{workflow.__name__}."):
        for table in vars(importlib.import_module(module.name)).values():
            if not isinstance(table, dict):
                continue
            for acte, pas in table.items():
                if isinstance(pas, Transition) and pas.par - {Role.SYSTEME} and pas.libelle not in dits:
                    tus.add(f"{acte} : {pas.libelle}")
    assert len(dits) > 100
    assert not tus


def test_each_page_of_the_office_says_the_way_to_it():
    gabarits = settings.BASE_DIR / "templates" / "contrat_ville"
    lus = {page: page.read_text(encoding="utf-8") for page in gabarits.rglob("*.html")}
    assert not [
        page for page, dit in lus.items() if '{% extends "bureau.html" %}' in dit and "block fil" not in dit
    ]
