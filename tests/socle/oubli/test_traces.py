"""What says who somebody is, in a text that another reads: said, and masked."""

import pytest

from participation.socle.regles.traces import dire_les_traces, masquer

MASQUES = [
    (
        "Rappelez-moi au 06 12 34 56 78 ou +33 6 12 34 56 78.",
        "Rappelez-moi au [téléphone masqué] ou [téléphone masqué].",
    ),
    ("Écrivez à j.ferrand@example.org, merci.", "Écrivez à [courriel masqué], merci."),
    ("Mme Anne Dupont-Roy garde AB-123-CD.", "[nom masqué] garde [plaque masquée]."),
    ("Un banc chez Monique Dubreuil", "Un banc chez [nom masqué]"),
    ("Madame Monique Dubreuil, MONSIEUR Paul ROI, M. J. Roi.", "[nom masqué], [nom masqué], [nom masqué]."),
    ("Un banc chez Léa, chez nous.", "Un banc chez Léa, chez nous."),
    ("Le 12 rue de l’École est sombre.", "Le 12 rue de l’École est sombre."),
    ("J’habite au 4 bis avenue Gabriel-Péri, au fond.", "J’habite au [adresse masquée], au fond."),
    ("Il fait noir.\nMerci,\nJeanne Ferrand", "Il fait noir.\nMerci,\n[nom masqué]"),
    ("Il fait noir. Jeanne 0476123456", "Il fait noir. [nom masqué] [téléphone masqué]"),
    ("Il fait noir.\nMerci", "Il fait noir.\nMerci"),
    (
        "Un four : appelez Marie Martin au 06 12 34 56 78.",
        "Un four : appelez [nom masqué] au [téléphone masqué].",
    ),
]


@pytest.mark.parametrize(("texte", "masque"), MASQUES)
def test_what_says_who_spoke_is_masked_and_the_place_is_left(texte, masque):
    assert masquer(texte) == masque


def test_a_known_name_and_address_are_masked_wherever_they_are_written_as_such():
    dit = "Ferrand, c’est moi : 3 rue des Alpes. La pierre du 30 rue des Alpes tombe."

    assert masquer(dit, noms=["Pierre Ferrand"], adresse="3, rue des Alpes, 38000 Grenoble") == (
        "[nom masqué], c’est moi : [adresse masquée]. La pierre du 30 rue des Alpes tombe."
    )


def test_the_agent_is_told_of_each_kind_once():
    assert dire_les_traces("06 12 34 56 78, 06 12 34 56 79, 8 rue du Lac") == (
        "Ces mots semblent contenir un numéro de téléphone et une adresse postale."
    )
