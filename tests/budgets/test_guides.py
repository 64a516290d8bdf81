"""The guide names each act of the budgets by the text of its button; letters and posters hold these addresses."""

import pytest
from django.urls import resolve

from participation.budgets import workflow
from tests.site.guides import actes_tus


def test_each_act_that_somebody_does_is_named_in_the_list_of_pages():
    assert not actes_tus(workflow, "budgets/pages.md")


@pytest.mark.parametrize(
    ("adresse", "page"),
    [
        ("vote/3/voter/", "voter"),
        ("vote/3/", "scrutin_public"),
        ("vote/3/recu/", "lire_mon_recu"),
        ("vote/rejouer.py", "rejouer_py"),
        ("quartiers/", "budgets_publics"),
        ("quartiers/budget/3/", "budget_public"),
        ("quartiers/budget/3/proposer/", "proposer_idee"),
        ("quartiers/idees/BUD-2026-0001/", "idee_publique"),
        ("quartiers/projets/PDQ-2026-0001/", "projet_quartier_public"),
        ("quartiers/forums/3/s-inscrire/", "s_inscrire"),
        ("quartiers/suivre/3.sceau/", "suivre_idee"),
        ("quartiers/confirmer/3.sceau/", "confirmer_auteur"),
        ("quartiers/arreter/3.sceau/", "arreter_lettres"),
        ("quartiers/etude/3.sceau/", "repondre_faisabilite"),
        ("quartiers/table/3.sceau/", "table_par_lien"),
        ("quartiers/inscription/3.sceau/", "mon_inscription"),
        ("quartiers/confirmer-inscription/3.sceau/", "confirmer_inscription"),
    ],
)
def test_the_addresses_in_letters_and_on_posters_open_the_same_page(adresse, page):
    assert resolve(f"/contrat-de-ville/{adresse}").view_name == f"budgets:{page}"
