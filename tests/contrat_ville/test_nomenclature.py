"""Chart of accounts of a budget."""

import pytest

from contrat_ville.regles import (
    DEPENSE,
    POSTES,
    RECETTE,
    TITRES,
    choix,
    est_en_nature,
    libelle,
    parent,
    sens_de,
)


def test_every_account_stands_under_a_head_of_its_own_side():
    for poste in POSTES.values():
        if poste.parent:
            tete = POSTES[poste.parent]
            assert (tete.sens, tete.est_en_nature, tete.parent) == (poste.sens, poste.est_en_nature, None)


def test_each_account_that_a_line_may_bear_is_offered_once():
    offerts = []
    for sens in (DEPENSE, RECETTE):
        for cle, valeur in choix(sens):
            codes = [code for code, _ in valeur] if isinstance(valeur, list) else [cle]
            assert {sens_de(code) for code in codes} == {sens}
            offerts += codes
    assert sorted(offerts) == sorted(set(POSTES) - TITRES)


@pytest.mark.parametrize(
    ("code", "attendu"), [("864", True), ("86", True), ("871", True), ("604", False), ("xx", False)]
)
def test_only_86_and_87_are_in_kind(code, attendu):
    assert est_en_nature(code) is attendu


def test_a_code_that_is_not_known_is_shown_as_it_is():
    assert (libelle("99z"), parent("99z"), sens_de("99z")) == ("99z", "99z", None)
    assert (parent("74epci"), parent("74"), libelle("604")) == ("74", "74", "604 – Prestations de services")
