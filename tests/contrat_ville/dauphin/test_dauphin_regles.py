"""Dauphin files without a database: columns, clean cells, grouped rows, differences."""

import io
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siret as siret_francais

from contrat_ville.dauphin import colonnes
from contrat_ville.dauphin.colonnes import CelluleIllisible
from contrat_ville.dauphin.regles import assembler, cle_de, comparer, etat_de, lignes_changees
from contrat_ville.regles import DEPENSE, POSTES, RECETTE
from contrat_ville.workflow import Etat
from participation.socle.regles import tableaux

SIRET = "20004071500019"  # valid check digit
SIRET_A_ZERO = "00555004100007"


def test_the_columns_of_our_own_export_are_all_found_again():
    entetes = [champ.libelle for champ in colonnes.CHAMPS.values()]
    assert colonnes.deviner(entetes) == dict(zip(colonnes.CHAMPS, entetes, strict=True))


def test_the_names_of_the_platform_are_found_and_accounts_in_columns_too():
    relies = colonnes.deviner(
        [
            "referenceAdministrative",
            "exerciceBudgetaire",
            "intituleProjet",
            "Raison sociale",
            "60x",
            "641",
            "74epci",
            "86 - Emplois des contributions volontaires en nature",
        ]
    )
    assert relies == {
        "code": "referenceAdministrative",
        "exercice": "exerciceBudgetaire",
        "intitule": "intituleProjet",
        "porteur": "Raison sociale",
        "poste:60x": "60x",
        "poste:641": "641",
        "poste:74epci": "74epci",
        "poste:86": "86 - Emplois des contributions volontaires en nature",
    }


def test_a_mapping_without_a_reference_or_with_a_column_twice_is_not_read():
    assert colonnes.manques({"intitule": "A"}) == ["Dites quelle colonne tient la référence administrative."]
    assert "deux fois : A" in colonnes.manques({"code": "A", "intitule": "A"})[0]


@pytest.mark.parametrize(
    ("ecrit", "code"),
    [
        ("00012345-1", "00012345-1"),
        ("DA00012345-1", "00012345-1"),
        ("da 00012345 - 1", "00012345-1"),
        ("00012345-", "00012345"),
        ("12345", "00012345"),
        ("12345.0", "00012345"),
        ("12345-2", "00012345-2"),
    ],
)
def test_one_action_has_one_name_however_it_is_written(ecrit, code):
    assert colonnes.code_de(ecrit)[0] == code


@pytest.mark.parametrize("ecrit", ["", "ABC", "123456789", "00012345-1-2", "1,2E+07"])
def test_a_reference_of_another_form_is_refused_in_a_sentence(ecrit):
    with pytest.raises(CelluleIllisible, match="n’est pas celle d’une action"):
        colonnes.code_de(ecrit)


@pytest.mark.parametrize(
    ("ecrit", "siret", "dit"),
    [
        (SIRET, SIRET, ""),
        ("200 040 715 00019", SIRET, ""),
        (SIRET + ".0", SIRET, ""),
        (SIRET_A_ZERO.lstrip("0"), SIRET_A_ZERO, "complété par ses zéros"),
        ("2,00041E+13", "", "perdu par un tableur"),
        ("7.77e13", "", "perdu par un tableur"),
        ("200040715", "", "SIREN"),
        ("20004071500018", "", "clé"),
        ("2000407150", "", "incomplet"),
        ("", "", ""),
    ],
)
def test_a_siret_is_mended_or_left_out_with_a_remark(ecrit, siret, dit):
    trouve, remarque = colonnes.siret_de(ecrit)
    assert trouve == siret
    assert dit in remarque
    assert bool(dit) == bool(remarque)


@given(st.text(max_size=20))
def test_a_siret_that_comes_out_is_always_a_true_one(texte):
    siret, _ = colonnes.siret_de(texte)
    assert siret == "" or siret_francais.is_valid(siret)


@pytest.mark.parametrize(
    ("valeurs", "debut", "fin", "remarques"),
    [
        ({"date_debut": "01/03/2026", "date_fin": "2026-12-31"}, "2026-03-01", "2026-12-31", 0),
        ({"periode": "PLURIANNUELLE"}, None, None, 0),
        ({"periode": "01/03/2026 - 31/12/2026"}, "2026-03-01", "2026-12-31", 0),
        ({"periode": "2026-03-01/2026-12-31"}, "2026-03-01", "2026-12-31", 0),
        ({"date_debut": "printemps"}, None, None, 1),
        ({"date_debut": "31/12/2026", "date_fin": "01/01/2026"}, "2026-12-31", None, 1),
    ],
)
def test_a_period_gives_days_only_when_it_holds_some(valeurs, debut, fin, remarques):
    a, b, dites = colonnes.jours_de(valeurs)
    assert (a and a.isoformat(), b and b.isoformat(), len(dites)) == (debut, fin, remarques)


@pytest.mark.parametrize(
    ("ecrit", "sens", "code"),
    [
        ("74epci", None, "74epci"),
        ("74EPCI", None, "74epci"),
        ("60 - Achats", None, "60"),
        ("Prestations de services", None, "604"),
        ("Autres charges de gestion courante", DEPENSE, "65x"),
        ("6411 Salaires bruts", DEPENSE, "641"),
        ("6288", None, "62"),
        ("Communautés de communes ou d'agglomérations", RECETTE, "74epci"),
        ("Divers", DEPENSE, None),
        ("99", None, None),
    ],
)
def test_an_account_is_found_by_its_code_its_words_or_its_first_digits(ecrit, sens, code):
    assert colonnes.poste_de(ecrit, sens) == code


@pytest.mark.parametrize("code", sorted(POSTES))
def test_each_account_is_found_by_its_own_code(code):
    assert colonnes.poste_de(code, None) == code


def test_a_status_that_is_not_known_is_one_that_was_filed():
    assert (etat_de("A été versé"), etat_de("Cloturée"), etat_de("Chez le préfet")) == (
        Etat.EN_COURS,
        Etat.CLOS,
        Etat.DEPOSE,
    )


BASE = {"code": "00012345-1", "intitule": "Jardin", "porteur": "Les Jardins", "statut": "Transmise"}


def lire(*lignes):
    return assembler("00012345-1", 2026, [(n, {**BASE, **ligne}) for n, ligne in enumerate(lignes, 2)])


def test_several_rows_make_one_dossier_with_its_budget_and_its_financers():
    lu = lire(
        {"poste": "604", "montant": "1 234,50 €"},
        {"poste": "74epci", "montant": "1000", "financeur": "Métropole", "accorde": "800", "ej": "2103"},
        {"poste": "74com", "montant": "234,50", "financeur": "Fontaine"},
    )
    assert lu.refus == {}
    assert [(ligne["poste"], ligne["montant"]) for ligne in lu.lignes] == [
        ("604", "1234.50"),
        ("74epci", "1000.00"),
        ("74com", "234.50"),
    ]
    assert lu.financements["Métropole"] == {"accorde": "800.00", "ej": "2103"}
    assert lu.champs["titre"] == "Jardin"


def test_a_row_by_financer_without_account_is_a_receipt_of_what_it_is_asked():
    lu = lire({"financeur": "CAF", "demande": "500"})
    assert lu.lignes == [
        {"sens": "recette", "poste": "74", "libelle": "", "montant": "500.00", "financeur": "CAF"}
    ]


def test_accounts_in_columns_make_lines_and_empty_ones_none():
    lu = lire({"poste:604": "10", "poste:641": "", "poste:74epci": "0", "poste:870": "5"})
    assert [(ligne["poste"], ligne["montant"]) for ligne in lu.lignes] == [("604", "10.00"), ("870", "5.00")]


def test_a_row_repeated_is_counted_once_and_said():
    lu = lire({"poste": "604", "montant": "10"}, {"poste": "604", "montant": "10"})
    assert len(lu.lignes) == 1
    assert "La ligne 3 répète la ligne 2" in lu.remarques[-2] + lu.remarques[0]


def test_two_equal_lines_of_another_rank_are_two():
    lu = lire({"poste": "604", "montant": "10", "rang": "1"}, {"poste": "604", "montant": "10", "rang": "2"})
    assert len(lu.lignes) == 2


@pytest.mark.parametrize(
    ("ligne", "dit"),
    [
        ({"poste": "604", "montant": "1,005"}, "centimes"),
        ({"poste": "604", "montant": "-5"}, "négatif"),
        ({"poste": "604", "montant": "1000000000000"}, "trop grand"),
        ({"poste": "Divers", "montant": "5"}, "Poste inconnu"),
        ({"montant": "5"}, "Le poste de cette ligne n’est pas dit"),
        ({"poste": "604", "sens": "recette", "montant": "5"}, "n’est pas du côté"),
        ({"verse": "5"}, "sans financeur"),
    ],
)
def test_one_bad_row_refuses_the_whole_dossier_and_says_which(ligne, dit):
    lu = lire({"poste": "604", "montant": "10"}, ligne)
    assert dit in lu.refus[3]
    assert lu.refus[2] == "Le dossier est refusé en entier à cause d’une autre ligne (ligne 3)."


def test_two_amounts_of_one_financer_are_refused_rather_than_chosen():
    lu = lire({"financeur": "CAF", "accorde": "5"}, {"financeur": "CAF", "accorde": "6"})
    assert "Deux valeurs pour CAF" in lu.refus[3]


def test_what_is_not_filed_in_dauphin_waits_for_a_later_file():
    assert "Pas encore déposé" in lire({"statut": "En cours de saisie"}).refus[2]


def test_rows_that_disagree_keep_the_first_and_say_it():
    lu = lire({"objet": "Un jardin"}, {"objet": "Autre jardin", "rang": "2"})
    assert lu.champs["objet"] == "Un jardin"
    assert any("Objet : la ligne 3 dit « Autre jardin »" in remarque for remarque in lu.remarques)


@pytest.mark.parametrize(
    "autre", [{"intitule": "Autre jardin"}, {"siret": "21380185500015"}, {"code": "", "intitule": ""}]
)
def test_two_actions_under_one_number_or_a_merged_cell_refuse_the_whole_dossier(autre):
    ligne = {"poste": "604", "montant": "10", "siret": "20004071500019"}
    lu = lire({**ligne, "intitule": "JARDIN"}, {**ligne, "rang": "2", **autre})
    assert set(lu.refus) == {2, 3}


def test_a_siret_lost_on_the_first_row_is_taken_from_another():
    lu = lire({"siret": "2,0004E+13"}, {"siret": "20004071500019", "rang": "2"})
    assert lu.porteur["siret"] == "20004071500019"


def test_a_budget_out_of_balance_is_said():
    lu = lire({"poste": "604", "montant": "10"}, {"poste": "756", "montant": "9"})
    assert "de recettes" in lu.remarques[0]


def test_the_lines_of_a_budget_that_changed_are_shown_each_with_its_amounts():
    def ligne(poste, somme, nom=""):
        return ["recette" if nom else "depense", poste, "", somme, nom]

    avant = [ligne("604", "10.00"), ligne("641", "5.00"), ligne("74com", "3.00", "Échirolles")]
    apres = [ligne("604", "12.00"), ligne("641", "5.00"), ligne("74com", "3.00", "Fontaine")]
    changees = [(quoi, bool(a), bool(b)) for quoi, a, b in lignes_changees(avant, apres)]
    assert changees == [
        ("604 – Prestations de services", True, True),
        ("Échirolles", True, False),
        ("Fontaine", False, True),
    ]


def test_a_row_of_the_payer_is_known_by_what_it_does_not_say():
    lu = assembler(
        "00012345", 2026, [(2, {"code": "00012345", "ej": "2103", "financeur": "État", "verse": "5"})]
    )
    assert lu.est_paiement
    assert lu.refus == {}


def test_the_payments_of_the_payer_add_up():
    paye = {"code": "00012345", "financeur": "État"}
    lu = assembler("00012345", 2026, [(2, {**paye, "verse": "5"}), (3, {**paye, "verse": "7,50"})])
    assert lu.financements == {"État": {"verse": "12.50"}}


def test_the_key_of_a_row_is_its_action_and_its_year():
    assert cle_de({"code": "DA00012345-1"}, 2026)[:2] == ("00012345-1", 2026)
    assert cle_de({"reference": "00012345", "exercice": "2025.0"}, 2026)[:2] == ("00012345", 2025)
    for valeurs in ({}, {"code": "00012345", "exercice": "26"}):
        with pytest.raises(CelluleIllisible):
            cle_de(valeurs, None)


LIBELLES = {"titre": "Intitulé"}


@pytest.mark.parametrize(
    ("base", "lu", "ici", "attendu"),
    [
        ("A", "A", "A", None),
        ("A", "A", "corrigé ici", None),  # Dauphin has not changed
        ("A", "B", "A", ("A", "B", False)),
        ("A", "B", "corrigé ici", ("corrigé ici", "B", True)),
        ("A", "B", "B", None),
        ("A", "", "A", None),
        (None, "B", "", ("vide", "B", False)),
        (None, "B", "A", ("A", "B", True)),
    ],
)
def test_what_was_written_here_since_the_last_import_is_kept(base, lu, ici, attendu):
    ecarts = comparer(None if base is None else {"titre": base}, {"titre": lu}, {"titre": ici}, LIBELLES)
    assert [(e.avant, e.apres, e.est_conflit) for e in ecarts] == ([attendu] if attendu else [])


def classeur(*lignes):
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire) as livre:
        livre.add_worksheet("Vide")
        feuille = livre.add_worksheet("Export")
        for rang, ligne in enumerate(lignes):
            for colonne, valeur in enumerate(ligne):
                feuille.write(rang, colonne, valeur)
    return memoire.getvalue()


def test_a_workbook_gives_whole_numbers_as_they_are_written():
    octets = classeur(
        ["SIRET", "Montant", "Texte"], [20004071500019, 12.5, "00012345-1"], [77567227200016.0, 3, ""]
    )

    forme = tableaux.lire_forme(octets, classeurs=True)

    assert forme.entetes == ("SIRET", "Montant", "Texte")
    assert list(tableaux.lignes_de(octets, forme)) == [
        ["20004071500019", "12.5", "00012345-1"],
        ["77567227200016", "3", ""],
    ]


@pytest.mark.parametrize("octets", [b"PK\x03\x04 pas un classeur", b"\xd0\xcf\x11\xe0 non plus"])
def test_a_workbook_that_does_not_open_is_said(octets):
    with pytest.raises(tableaux.FichierIllisible, match="ne s’ouvre pas"):
        tableaux.lire_forme(octets, classeurs=True)


def test_two_cells_at_the_ends_of_the_sheet_do_not_fill_the_memory():
    """This file of five kilobytes kills the process that reads it: it is read in a process of its own."""
    memoire = io.BytesIO()
    with xlsxwriter.Workbook(memoire) as livre:
        feuille = livre.add_worksheet("Export")
        feuille.write(0, 0, "SIRET")
        feuille.write(1_048_575, 16_383, "loin")

    with pytest.raises(tableaux.FichierIllisible, match="trop lourd une fois ouvert"):
        tableaux.lire_forme(memoire.getvalue(), classeurs=True)


def test_no_more_rows_are_read_than_the_limit_says():
    octets = classeur(["SIRET"], *([str(n)] for n in range(500)))
    forme = tableaux.lire_forme(octets, classeurs=True)

    assert len(list(tableaux.lignes_de(octets, forme, au_plus=3))) == 3
    assert len(list(tableaux.lignes_de(octets, forme))) == 500
    # A workbook weighs what it is once open: some megabytes of rows fit in a few kilobytes.
    assert tableaux.poids_ouvert(octets) > 2 * len(octets)


def test_a_mark_that_nobody_expects_is_guessed_by_what_the_cells_are():
    octets = b"code~montant\n00012345-1~12,50\n00012346-1~13,50\n"
    assert tableaux.lire_forme(octets).entetes == ("code", "montant")


@given(st.decimals(0, 999_999_999, places=2))
def test_amounts_written_by_a_french_spreadsheet_are_read_to_the_cent(montant):
    entiers, _, cents = f"{montant:,.2f}".partition(".")
    assert colonnes.somme_de(f"{entiers.replace(',', ' ')},{cents} €", "Montant") == Decimal(montant)


def test_an_apostrophe_of_either_kind_makes_the_same_name():
    assert tableaux.simplifier("Ville d’Échirolles") == tableaux.simplifier("ville d'echirolles")
