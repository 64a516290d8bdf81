"""Import of the official contours and quartiers."""

import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from participation.socle.models import Contour, Quartier

pytestmark = pytest.mark.django_db
CARRE = {"type": "Polygon", "coordinates": [[[5.7, 45.1], [5.8, 45.1], [5.8, 45.2], [5.7, 45.1]]]}


def geojson(tmp_path, *objets, nom="f.geojson"):
    chemin = tmp_path / nom
    objets = [{"type": "Feature", "properties": p, "geometry": g} for p, g in objets]
    chemin.write_text(json.dumps({"type": "FeatureCollection", "features": objets}), encoding="utf-8")
    return str(chemin)


def test_a_contour_finds_its_commune_by_code_or_by_name_and_the_rest_is_told(tmp_path, capsys):
    fichier = geojson(
        tmp_path,
        ({"code": "38185"}, CARRE),
        ({"nom": "ECHIROLLES"}, CARRE),
        ({"nom": "Lyon", "code": "69123"}, CARRE),
        ({"code": "38229"}, {"type": "Point", "coordinates": [1, 2]}),
    )

    call_command("importer_contours", fichier)

    assert Contour.objects.get(commune__nom="Grenoble").geometrie == CARRE
    assert Contour.objects.get(commune__nom="Échirolles").geometrie == CARRE
    dit = capsys.readouterr().out
    assert "2 contours importés sur 49" in dit
    assert "Lyon (69123)" in dit
    assert "Meylan" in dit


def test_a_trial_writes_nothing(tmp_path):
    call_command("importer_contours", geojson(tmp_path, ({"code": "38185"}, CARRE)), essai=True)

    assert not Contour.objects.filter(geometrie=CARRE).exists()


@pytest.mark.parametrize("contenu", ["{", "[]", '{"type": "Feature"}'])
def test_a_file_that_is_no_collection_is_refused_in_words(tmp_path, contenu):
    chemin = tmp_path / "f.geojson"
    chemin.write_text(contenu)

    with pytest.raises(CommandError):
        call_command("importer_contours", str(chemin))


def test_quartiers_are_completed_created_or_refused(tmp_path, capsys):
    connu = Quartier.objects.first()
    chemin = tmp_path / "q.csv"
    chemin.write_text(
        "code;nom;code_insee;population;annee\n"
        f"QN03899M;{connu.nom.upper()};{connu.commune_id};1 234;2022\n"
        "QN03898M;Les Essais;38185;800;2022\n"
        "QN03897M;Ailleurs;69123;10;2022\n"
        "XX;Mauvais code;38185;10;2022\n",
        encoding="utf-8-sig",
    )

    call_command("importer_quartiers", str(chemin))

    connu.refresh_from_db()
    assert (connu.code, connu.population, connu.annee_population) == ("QN03899M", 1234, 2022)
    assert Quartier.objects.filter(nom="Les Essais", commune_id="38185").exists()
    dit = capsys.readouterr().out
    assert "1 quartiers connus, 1 nouveaux, 2 refusés" in dit
    assert "n’est pas du territoire" in dit
    assert "n’est pas un code de quartier prioritaire" in dit


def test_a_trial_of_quartiers_writes_nothing_and_their_contours_are_kept_apart(tmp_path):
    avant = Quartier.objects.count()
    fichier = geojson(tmp_path, ({"code": "QN03898M", "nom": "Les Essais", "commune": "Grenoble"}, CARRE))

    call_command("importer_quartiers", fichier, essai=True)

    assert Quartier.objects.count() == avant
    assert not Contour.objects.filter(quartier__isnull=False).exists()

    call_command("importer_quartiers", fichier)
    call_command("importer_quartiers", fichier)

    assert Contour.objects.get(quartier__nom="Les Essais").geometrie == CARRE
