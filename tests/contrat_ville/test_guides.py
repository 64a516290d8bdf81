"""The guide names each act of the Contrat de Ville by the text of its button."""

import pytest
from django.conf import settings

from contrat_ville import workflow
from tests.site.guides import actes_tus


def test_each_act_that_somebody_does_is_named_in_the_list_of_pages():
    assert not actes_tus(workflow, "contrat_de_ville/pages.md")


@pytest.mark.parametrize("app", ["contrat_ville", "budgets"])
def test_each_page_of_the_office_says_the_way_to_it(app):
    gabarits = settings.BASE_DIR / "templates" / app
    lus = {page: page.read_text(encoding="utf-8") for page in gabarits.rglob("*.html")}
    assert not [
        page for page, dit in lus.items() if '{% extends "bureau.html" %}' in dit and "block fil" not in dit
    ]
