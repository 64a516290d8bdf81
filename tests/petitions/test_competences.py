"""What the authors of a pétition are told that their collectivité does."""

from participation.socle.collectivite import NATURES
from petitions.depot.vues import LEGALES, competences


def test_the_reglement_says_what_the_collectivite_does_and_else_the_law_for_its_kind():
    assert competences("metropole", "Eau : eau potable, rivières\n\nVoirie") == [
        ("Eau", "eau potable, rivières"),
        ("Voirie", ""),
    ]
    assert "Voirie et espaces publics" in dict(competences("metropole", ""))
    assert "Voirie et espaces publics" not in dict(competences("communes", " \n"))
    assert LEGALES.keys() == NATURES.keys()
