"""Commune of a point, from the imported contours only."""

import pytest
from django.urls import reverse

from participation.ouverture import origine_de
from participation.socle.models import Contour
from remontees.reception import lectures as lieux
from remontees.reception.regles import commune_de
from tests.remontees.factories import RemonteeFactory, SujetFactory
from tests.socle.factories import CompteFactory, agent_de_direction, commune


def carre(x, y, cote=1):
    return {
        "type": "Polygon",
        "coordinates": [[[x, y], [x + cote, y], [x + cote, y + cote], [x, y + cote], [x, y]]],
    }


CONTOURS = {"38001": carre(5, 45), "38002": carre(6, 45)}


@pytest.mark.parametrize(
    ("latitude", "longitude", "attendue"),
    [
        (45.5, 5.5, "38001"),
        (45.5, 6.5, "38002"),
        (45.5, 6.0, "38001"),  # on the border of both: always the same commune
        (48.8, 2.3, None),
    ],
)
def test_a_point_is_in_the_commune_whose_contour_holds_it(latitude, longitude, attendue):
    assert commune_de(latitude, longitude, CONTOURS) == attendue


def test_an_island_and_a_hole_are_read():
    trouee = carre(5, 45)
    trouee["coordinates"].append([[5.4, 45.4], [5.6, 45.4], [5.6, 45.6], [5.4, 45.6], [5.4, 45.4]])
    ile = {"type": "MultiPolygon", "coordinates": [carre(8, 45)["coordinates"]]}

    assert commune_de(45.5, 5.5, {"a": trouee}) is None
    assert commune_de(45.5, 8.5, {"a": trouee, "b": {"type": "Feature", "geometry": ile}}) == "b"


@pytest.mark.parametrize(
    "abime", [{}, [], "x", {"type": "Polygon"}, {"type": "Rien", "coordinates": []}, {"geometry": 3}]
)
def test_a_contour_that_cannot_be_read_stops_nobody(abime):
    assert commune_de(45.5, 6.5, {"38000": abime, **CONTOURS}) == "38002"


@pytest.mark.django_db
def test_without_contours_the_commune_is_asked():
    Contour.objects.all().delete()

    assert lieux.commune_du_point(45.1885, 5.7245) is None


@pytest.mark.django_db
def test_the_contour_that_an_agent_imported_is_the_one():
    Contour.objects.filter(commune=commune("Meylan")).update(geometrie=carre(5, 45))

    assert lieux.commune_du_point(45.5, 5.5) == commune("Meylan").pk


# Map


@pytest.mark.django_db
def test_the_map_and_the_list_beside_it_say_the_same_and_open_the_same_lists(client):
    meylan = commune("Meylan")
    for _ in range(2):
        SujetFactory(publie=True).communes.add(meylan)
    SujetFactory().communes.add(commune("Bresson"))

    page = client.get(reverse("remontees:carte_publique"))

    (point,) = page.context["carte_reelle"]["points"]
    assert (point["titre"], point["nombre"]) == ("Meylan : 2 sujets", 2)
    assert len(page.context["carte_reelle"]["contours"]) == 49
    texte = page.content.decode()
    assert f'href="{point["url"]}"' in texte.replace("&amp;", "&")
    assert client.get(point["url"]).context["page"].paginator.count == 2


@pytest.mark.django_db
def test_no_other_site_is_asked_for_a_tile_by_default(client):
    SujetFactory(publie=True).communes.add(commune("Meylan"))
    page = client.get(reverse("remontees:carte_publique"))

    assert page.context["carte_reelle"]["tuiles"] == ""
    assert "img-src 'self' data:;" in page["Content-Security-Policy"] + ";"
    assert origine_de("https://{s}.tuiles.example.org/{z}/{x}/{y}.png") == "https://*.tuiles.example.org"


@pytest.mark.django_db
def test_an_agent_sees_the_points_of_what_is_open_and_a_service_those_of_its_parts(client):
    ouverte = RemonteeFactory(latitude=45.19, longitude=5.72)
    RemonteeFactory(repondue=True, latitude=45.19, longitude=5.72)
    RemonteeFactory()
    client.force_login(CompteFactory(agent=True))
    page = client.get(reverse("remontees:carte_du_bureau"))

    assert [p["url"] for p in page.context["carte_reelle"]["points"]] == [ouverte.get_absolute_url()]
    assert ouverte.titre in page.content.decode()
    client.force_login(agent_de_direction())
    assert client.get(reverse("remontees:carte_du_bureau")).context["carte_reelle"]["points"] == []
