"""Amounts of a budget: balance and sharing, exact to the cent, for any input."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrat_ville.depot.budget import DepenseForm
from contrat_ville.regles import DEPENSE, POSTES, RECETTE, Ligne, equilibre, est_en_nature, repartir
from participation.socle.francais import montant as euros
from participation.socle.regles.montants import MAXIMUM, MontantInvalide, montant_de

centimes = st.integers(0, 10**9).map(lambda c: Decimal(c) / 100)


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("1 234,50 €", "1234.50"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1234.50", "1234.50"),
        ("1’234", "1234"),
        ("12,", "12"),
        (",5", "0.5"),
        ("1,5e3", "1500"),
        ("-0", "0"),
        (7, "7"),
        (Decimal("999999999.99"), "999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_and_spreadsheets_write_it(ecrit, attendu):
    assert montant_de(ecrit) == Decimal(attendu)


@pytest.mark.parametrize(
    ("ecrit", "dit"),
    [
        ("1,005", "centimes"),
        ("0,001", "centimes"),
        (Decimal("0.125"), "centimes"),
        ("-12", "négatif"),
        ("1000000000000", "trop grand"),
        (Decimal("1e12"), "trop grand"),
        ("9e999999999", "trop grand"),
        ("9e999999999.999999999", "n’est pas un montant"),
        ("", "Écrivez un montant"),
        ("  ", "Écrivez un montant"),
        (None, "Écrivez un montant"),
        (Decimal("NaN"), "pas un nombre"),
        (Decimal("Infinity"), "pas un nombre"),
        ("NaN", "n’est pas un montant"),
        ("douze", "n’est pas un montant"),
        ("1 2,3,4", "n’est pas un montant"),
    ],
)
def test_what_is_no_amount_is_said_in_a_sentence(ecrit, dit):
    with pytest.raises(MontantInvalide, match=dit) as erreur:
        montant_de(ecrit)
    assert str(erreur.value).endswith((".", "1 234,50."))


def test_a_float_is_a_mistake_of_the_code():
    with pytest.raises(TypeError):
        montant_de(1.5)


def ligne(sens, poste, montant):
    return Ligne(sens, poste, montant)


def test_a_budget_balanced_to_the_cent_lacks_nothing():
    bilan = equilibre(
        [
            ligne(DEPENSE, "604", "1 000,10"),
            ligne(DEPENSE, "641", Decimal("0.20")),
            ligne(RECETTE, "74epci", "1000,30"),
            ligne(DEPENSE, "864", "500"),
            ligne(RECETTE, "870", "500"),
        ]
    )
    assert not bilan.manques
    assert (bilan.depenses, bilan.emplois_en_nature) == (Decimal("1000.30"), Decimal(500))


@pytest.mark.parametrize(
    ("recettes", "dit"),
    [
        ("999,99", "Il manque 0,01 € de recettes : les dépenses font 1 000 €, les recettes 999,99 €."),
        ("1000,01", "Il manque 0,01 € de dépenses : les dépenses font 1 000 €, les recettes 1 000,01 €."),
    ],
)
def test_one_cent_away_is_said(recettes, dit):
    bilan = equilibre([ligne(DEPENSE, "604", "1000"), ligne(RECETTE, "74epci", recettes)])
    assert [phrase.replace("\u00a0", " ") for phrase in bilan.manques] == [dit]


def test_what_is_in_kind_never_balances_money():
    bilan = equilibre([ligne(DEPENSE, "604", "300"), ligne(RECETTE, "870", "300")])
    assert (bilan.ecart, len(bilan.manques)) == (Decimal(300), 2)
    assert "il manque 300\u00a0€ au compte 86" in bilan.manques[1]


def test_each_bad_line_is_named_and_counts_for_nothing():
    bilan = equilibre(
        [
            ligne(DEPENSE, "604", "-1"),
            ligne(DEPENSE, "641", None),
            ligne(DEPENSE, "74epci", "10"),
            ligne(RECETTE, "74epci", "0"),
        ]
    )
    assert bilan.manques == (
        "Ligne 1, 604 – Prestations de services : un montant ne peut pas être négatif.",
        "Ligne 2, 641 – Rémunération des personnels : écrivez un montant.",
        "Ligne 3, Métropole (intercommunalité) : ce poste est une recette, pas une dépense.",
    )


def test_an_empty_budget_says_so():
    assert equilibre([]).manques == ("Écrivez le budget.",)


@given(st.lists(st.tuples(st.sampled_from(sorted(POSTES)), centimes), max_size=40))
def test_sums_are_exact_and_the_balance_is_read_in_them(lignes):
    bilan = equilibre([ligne(POSTES[code].sens, code, montant) for code, montant in lignes])
    total = bilan.depenses + bilan.recettes + bilan.emplois_en_nature + bilan.ressources_en_nature
    assert total == sum((montant for _, montant in lignes), Decimal(0))
    en_nature = sum((montant for code, montant in lignes if est_en_nature(code)), Decimal(0))
    assert bilan.emplois_en_nature + bilan.ressources_en_nature == en_nature
    assert (not bilan.manques) == (
        bilan.depenses > 0 and bilan.ecart == 0 and bilan.emplois_en_nature == bilan.ressources_en_nature
    )


@given(centimes.filter(lambda m: m <= MAXIMUM))
def test_what_is_written_is_read_again(montant):
    assert montant_de(euros(montant)) == montant


poids_quelconques = st.lists(
    st.decimals(0, 10**10, places=4, allow_nan=False, allow_infinity=False), min_size=1, max_size=30
)


@given(centimes, poids_quelconques)
def test_a_sum_shared_loses_no_cent_and_each_is_within_one_of_its_due(total, poids):
    parts = repartir(total, poids)

    assert sum(parts) == total
    somme = sum(poids)
    for part, p in zip(parts, poids, strict=True):
        assert part >= 0
        if somme:
            assert abs(part - total * p / somme) < Decimal("0.0101")


@given(centimes, poids_quelconques)
def test_who_weighs_more_is_never_given_less(total, poids):
    parts = repartir(total, poids)
    for (p, a), (q, b) in zip(
        zip(poids, parts, strict=True), zip(poids[1:], parts[1:], strict=True), strict=False
    ):
        assert p == q or (p > q) == (a > b) or a == b


def test_the_last_cents_go_to_the_largest_remainders():
    assert repartir(Decimal(100), [Decimal(1)] * 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert repartir(Decimal("0.05"), [Decimal(0), Decimal(0)]) == [Decimal("0.03"), Decimal("0.02")]
    assert repartir(Decimal(10), [Decimal(1), Decimal(0)]) == [Decimal(10), Decimal(0)]


@pytest.mark.parametrize(("total", "poids"), [("-1", ["1"]), ("0.001", ["1"]), ("1", []), ("1", ["-1"])])
def test_what_cannot_be_shared_is_refused(total, poids):
    with pytest.raises(ValueError):
        repartir(Decimal(total), [Decimal(p) for p in poids])


def test_a_line_with_only_its_precision_is_asked_for_the_rest_and_not_dropped():
    seule = DepenseForm({"poste": "", "libelle": "peinture pour la fresque", "montant": ""})

    assert seule.errors == {"poste": ["Choisissez le poste, ou effacez la précision."]}
    assert DepenseForm({"poste": "", "libelle": " ", "montant": ""}).is_valid()
