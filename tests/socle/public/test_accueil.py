"""Public home page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.socle import vitrine
from participation.socle.views.public.accueil import carte_des_voix
from participation.socle.vitrine import Echange, Ouvert, Porte, SectionAccueil

pytestmark = pytest.mark.django_db


def section_d_essai():
    jour = timezone.localdate()
    return SectionAccueil(
        app="petitions",
        porte=Porte("Signer", "/p/", "Une minute.", "signer"),
        ouverts=[
            Ouvert("Pétition", "20 jours", "La seconde", "/2/", "…", fin=jour + timedelta(days=20)),
            Ouvert(
                "Pétition", "5 jours", "La première", "/1/", "…", proportion=0.5, fin=jour + timedelta(days=5)
            ),
        ],
        reponses=[
            Echange(
                "Pétition",
                "Un bus",
                "100 signatures",
                "Suivi",
                "succes",
                "Oui.",
                "En 3 jours.",
                "/r/",
                timezone.now(),
            )
        ],
        voix={"38185": 12, "38229": None},
    )


def test_the_home_shows_what_is_open_soonest_end_first_and_what_was_answered(client, monkeypatch):
    monkeypatch.setattr(vitrine, "fonctions", {"section_accueil": [section_d_essai], "menu_public": []}.get)

    page = client.get("/").content.decode()

    assert page.index("La première") < page.index("La seconde")
    assert "Un bus" in page
    assert "Signer" in page


def test_an_app_without_anything_leaves_a_home_that_explains(client, monkeypatch):
    monkeypatch.setattr(vitrine, "fonctions", lambda place: [])

    page = client.get("/").content.decode()

    assert "Rien n’est ouvert aujourd’hui" in page
    assert "Aucune réponse publiée" in page


def test_what_one_app_hides_is_left_out_of_the_sum_and_hides_no_other_number():
    autre = SectionAccueil(app="ccspl", voix={"38185": 3, "38229": 40, "38151": None})
    carte = carte_des_voix([section_d_essai(), autre])

    nombres = {tuile.code: tuile.nombre for tuile in carte.tuiles}
    assert (nombres["38185"], nombres["38229"], nombres["38151"]) == (15, 40, None)
    assert "moins de" not in str([ligne.titre for ligne in carte.tableau])
