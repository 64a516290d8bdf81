"""Press page of key figures: each links to the list of what it counts."""

import pytest
from django.urls import reverse

from participation.socle.francais import nombre
from participation.socle.models import ReglageService

# For a sum and a delay, the list has what they are made of: its length is another number.
MESURES = ("signature", "pour répondre")


@pytest.mark.django_db
def test_each_key_figure_opens_the_list_it_counts(demonstration, client):
    page = client.get(reverse("socle:chiffres_cles"))
    sections = page.context["sections"]
    assert [section.titre for section in sections] == [
        "Pétitions",
        "Commission consultative des services publics locaux",
        "Suites données",
    ]
    for section in sections:
        for chiffre in section.chiffres:
            liste = client.get(chiffre.url)
            assert liste.status_code == 200
            if not chiffre.libelle.startswith(MESURES):
                assert nombre(liste.context["page"].paginator.count) == chiffre.valeur, chiffre


@pytest.mark.django_db
def test_the_page_for_the_press_says_its_day_and_whom_to_ask_and_is_linked_from_every_foot(client):
    ReglageService(contact="presse@example.org", telephone="04 00 00 00 00").save()
    adresse = reverse("socle:chiffres_cles")
    page = client.get(adresse).content.decode()
    assert "mailto:presse@example.org" in page
    assert "tel:0400000000" in page
    assert "Aucun chiffre" not in page
    assert f'href="{adresse}"' in client.get(reverse("socle:mentions_legales")).content.decode()
