"""Whatever colour a collectivité chooses, its pages stay readable."""

from hypothesis import given
from hypothesis import strategies as st

from participation.socle.regles.couleurs import (
    BLANC,
    CLAIR,
    SOMBRE,
    contraste,
    ecrire,
    feuille,
    lire,
    tons_clairs,
    tons_sombres,
)

COULEURS = st.tuples(*[st.integers(0, 255)] * 3).map(ecrire)


@given(COULEURS)
def test_every_colour_gives_readable_tones(couleur):
    clairs, sombres = tons_clairs(couleur), tons_sombres(couleur)

    for tons, page in ((clairs, CLAIR), (sombres, SOMBRE)):
        for ton in (tons.base, tons.fort):
            assert contraste(lire(ton), page) >= 4.5
            assert contraste(lire(ton), lire(tons.fond)) >= 4.5
        assert contraste(lire(tons.nuit_2), BLANC) >= 7
    assert contraste(lire(clairs.base), BLANC) >= 4.5  # the text of a button


def test_a_colour_that_is_readable_is_kept_as_it_is():
    assert tons_clairs("#24475a").base == "#24475a"
    assert "--metropole: #24475a;" in feuille("#24475A".lower())
