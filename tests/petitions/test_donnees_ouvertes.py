"""Open data: stable names, no personal data, small numbers hidden, readable from any site."""

import json
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from petitions.models import Decompte
from petitions.public.donnees_ouvertes import CHAMPS, TEXTES
from petitions.signatures import decompte
from tests.outils import constant_queries
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import commune

pytestmark = pytest.mark.django_db
JSON, CSV = "/petitions/donnees/petitions.json", "/petitions/donnees/petitions.csv"


def lire_csv(client):
    return b"".join(client.get(CSV).streaming_content).decode("utf-8-sig").splitlines()


def test_the_names_of_the_fields_are_a_promise(client):
    PetitionFactory(en_collecte=True)
    [fiche] = client.get(JSON).json()["petitions"]
    noms = [champ.nom for champ in CHAMPS]
    assert list(fiche) == [*noms, "donnees"]
    assert lire_csv(client)[0] == ";".join(noms)
    # Renaming or removing a column breaks its users: only add.
    assert {"id", "reference", "titre", "url", "etat", "auteur", "signatures", "seuils_atteints"} <= set(noms)


def test_what_is_not_published_is_not_there(client):
    PetitionFactory(deposee=True)
    assert client.get(JSON).json()["total"] == 0
    assert len(lire_csv(client)) == 1


def test_the_list_is_read_by_pages(client):
    petitions = [PetitionFactory(en_collecte=True) for _ in range(3)]
    premiere = client.get(JSON, {"par_page": "2"}).json()
    assert [p["id"] for p in premiere["petitions"]] == [p.pk for p in petitions[:2]]
    assert premiere["precedente"] is None
    suivante = client.get(premiere["suivante"].split("8000")[-1].split("testserver")[-1]).json()
    assert (suivante["page"], suivante["pages"], suivante["suivante"]) == (2, 2, None)
    for mauvais in ("0", "-4", "abc", "²", "9" * 30):
        assert client.get(JSON, {"par_page": mauvais}).status_code == 200


@pytest.mark.parametrize("adresse", [JSON, CSV, "/petitions/atom.xml", "detail"])
def test_any_site_may_read(client, adresse):
    petition = PetitionFactory(en_collecte=True)
    if adresse == "detail":
        adresse = reverse("petitions:donnees_petition", args=[petition.pk])
    reponse = client.get(adresse, headers={"origin": "https://autre.example"})
    assert reponse["Access-Control-Allow-Origin"] == "*"
    assert "public" in reponse["Cache-Control"]
    assert "Cookie" not in reponse.get("Vary", "")
    assert client.post(adresse).status_code == 405


def test_small_numbers_of_a_commune_are_not_published(client):
    petition = PetitionFactory(en_collecte=True)
    for nom, combien in (("Grenoble", 7), ("Vizille", 6), ("Vif", 3), ("Claix", 2)):
        for _ in range(combien):
            SignatureFactory(petition=petition, confirmee=True, commune=commune(nom))
    decompte.compter()

    donnees = client.get(reverse("petitions:donnees_petition", args=[petition.pk])).json()

    assert {c["nom"]: c["signatures"] for c in donnees["signatures_par_commune"]} == {
        "Grenoble": 7,
        "Vizille": 6,
    }
    assert donnees["communes_sous_le_seuil"] == 2
    assert sum(jour["signatures"] for jour in donnees["signatures_par_jour"]) == donnees["signatures"] == 18
    assert set(TEXTES) <= set(donnees)
    assert [s["part_max"] for s in donnees["seuils"]] == ["1/3", "1/3"]


def test_nobody_but_the_author_is_named(client):
    petition = PetitionFactory(en_collecte=True)
    signature = SignatureFactory(
        petition=petition, confirmee=True, nom="Introuvable", courriel="secret@example.org"
    )
    decompte.compter()
    detail = client.get(reverse("petitions:donnees_petition", args=[petition.pk])).content.decode()
    tout = detail + json.dumps(client.get(JSON).json()) + "\n".join(lire_csv(client))
    for mot in (signature.nom, signature.courriel, petition.auteur.courriel):
        assert mot not in tout
    assert petition.nom_auteur in tout


def test_a_title_is_never_a_formula(client):
    PetitionFactory(en_collecte=True, titre="=CMD()|A1", nom_auteur="@SUM(A1)")
    ligne = lire_csv(client)[1]
    assert ";'=CMD()|A1;" in ligne
    assert ";'@SUM(A1);" in ligne


def test_the_feed_is_a_feed(client):
    petition = PetitionFactory(en_collecte=True)
    reponse = client.get("/petitions/atom.xml")
    racine = ElementTree.fromstring(reponse.content)
    [entree] = racine.findall("{http://www.w3.org/2005/Atom}entry")
    assert petition.titre in entree.findtext("{http://www.w3.org/2005/Atom}title")
    assert reponse["Content-Type"].startswith("application/atom+xml")


@pytest.mark.parametrize("adresse", [JSON, CSV])
def test_four_petitions_cost_what_one_costs(client, adresse):
    constant_queries(
        client, adresse, lambda: Decompte.objects.create(petition=PetitionFactory(irrecevable=True), total=2)
    )
