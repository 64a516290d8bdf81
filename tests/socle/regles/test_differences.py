"""Word differences between two texts: either text can be rebuilt from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.socle.regles.differences import Difference, comparer, comparer_textes, differences

TEXTES = st.text(alphabet="abé ’'-,.\n\tL1", max_size=60)


@pytest.mark.parametrize("lire", [comparer, differences])
@given(avant=TEXTES, apres=TEXTES)
def test_the_differences_give_both_texts_back(lire, avant, apres):
    lues = lire(avant, apres)

    assert "".join(mot for operation, mot in lues if operation != "ajoute") == avant
    assert "".join(mot for operation, mot in lues if operation != "retire") == apres


@given(TEXTES)
def test_a_text_does_not_differ_from_itself(texte):
    assert all(operation == "egal" for operation, _ in differences(texte, texte))


def test_a_changed_word_is_shown_alone():
    lues = differences("Un bilan annuel, public.", "Un bilan mensuel, public.")

    assert lues == [("egal", "Un bilan "), ("retire", "annuel"), ("ajoute", "mensuel"), ("egal", ", public.")]


def test_words_changed_side_by_side_are_read_together():
    lues = differences("La régie publie tard.", "La Métropole répond tard.")

    assert ("retire", "régie publie") in lues
    assert ("ajoute", "Métropole répond") in lues


def test_an_elided_word_is_one_word():
    assert differences("l’eau", "l’air") == [("retire", "l’eau"), ("ajoute", "l’air")]


def test_paragraphs_are_compared_one_with_one():
    lignes = comparer_textes(["Un.", "Deux."], ["Un.", "Trois.", "Quatre."])

    assert [[d.operation for d in ligne] for ligne in lignes] == [
        ["egal"],
        ["retire", "ajoute", "egal"],
        ["ajoute"],
    ]


def test_a_comparison_keeps_words_with_their_signs():
    assert comparer("Nous demandons une piste.", "Nous demandons une route.") == [
        ("egal", "Nous demandons une "),
        ("retire", "piste."),
        ("ajoute", "route."),
    ]


def test_thousands_of_the_same_sign_are_not_compared_one_by_one():
    """It would take seconds: such texts are shown whole, while prose is compared."""
    avant, apres = "!?" * 3000, "?!" * 3000
    assert differences(avant, apres) == [Difference("retire", avant), Difference("ajoute", apres)]
    prose = " ".join(f"Nous demandons un abri de {n} vélos devant la gare de Vizille." for n in range(170))
    assert len(comparer(prose, prose.replace("abri", "toit"))) > 300
