"""One page about all open data; each table is said once: its files, its schema and its catalogue agree."""

import csv
import io
import json

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from participation.socle.fichiers.jeux import JeuDeDonnees
from participation.socle.models import Moderation
from participation.socle.views.public.donnees_ouvertes import tous_les_jeux
from tests.budgets.factories import budget_en, idee_de, projet_de
from tests.ccspl.factories import AvisFactory
from tests.engagements.factories import DeliberationFactory, IndicateurFactory, PropositionFactory
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import SujetFactory
from tests.socle.factories import CompteFactory, raison
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def une_de_chaque():
    """One public row of each table that an ordinary factory can make."""
    petition = PetitionFactory(repondue=True, titre="=CMD() ; « un titre »")
    SuiteFactory(dossier=petition)
    AvisFactory(adopte=True, est_publie=True)
    SujetFactory(repondu=True, publie=True)
    budget = budget_en("discussion")
    idee_de(budget, latitude=45.19, longitude=5.72)
    projet_de(budget, cout="1200.50")
    IndicateurFactory()
    PropositionFactory(retenue=True, deliberation=DeliberationFactory().numero)
    Moderation.objects.create(
        dossier=petition,
        acte="refuser_nouvelle",
        objet="petitions.nouvelle.1",
        quoi="Un message",
        raison=raison(),
        motif="Il nomme une personne.",
        par=CompteFactory(agent=True),
    )


def lire(client, adresse: str) -> bytes:
    reponse = client.get(adresse)
    assert reponse.status_code == 200, adresse
    assert reponse["Access-Control-Allow-Origin"] == "*", adresse
    return reponse.getvalue()


def reproches(schema: dict, octets: bytes) -> list[str]:
    """Return the errors of the validator against the schema; empty when valid."""
    # Slow to import, and only this process needs it.
    from frictionless import Dialect, Resource, Schema, validate
    from frictionless.formats import CsvControl

    ressource = Resource(
        data=octets,
        format="csv",
        encoding="utf-8-sig",
        schema=Schema.from_descriptor(schema),
        dialect=Dialect(controls=[CsvControl(delimiter=";")]),
    )
    return [erreur.message for erreur in validate(ressource).tasks[0].errors]


def test_each_csv_is_what_its_schema_says_and_each_json_has_the_same_fields(client, une_de_chaque):
    notres = [jeu for jeu in tous_les_jeux() if not jeu.norme]
    vides = set()
    for jeu in notres:
        for groupe in jeu.fichiers():
            if "csv" not in groupe.adresses:
                continue
            schema = json.loads(lire(client, reverse("socle:schema_de_donnees", args=[jeu.cle])))
            octets = lire(client, groupe.adresses["csv"])
            assert reproches(schema, octets) == [], jeu.cle
            lignes = list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
            fiches = json.loads(lire(client, groupe.adresses["json"]))[jeu.liste]
            assert len(lignes) == len(fiches)
            assert all({c.nom for c in jeu.champs_en("csv")} == set(ligne) for ligne in lignes)
            vides |= set() if lignes else {jeu.cle}
            exemples = {champ["name"]: champ.get("example") for champ in schema["fields"]}
            assert not lignes or any(exemples.values())
    assert vides == set()


def test_the_page_has_every_table_and_field_and_each_page_leads_to_it(client, une_de_chaque):
    adresse = reverse("socle:donnees_ouvertes")
    page = client.get(adresse).content.decode()

    for jeu in tous_les_jeux():
        assert f'id="{jeu.cle}"' in page
        assert not [champ.nom for champ in jeu.champs if f"<code>{champ.nom}</code>" not in page], jeu.cle
    assert settings.LICENCE in page
    assert not client.cookies
    assert f'href="{adresse}"' in client.get(reverse("socle:accueil")).content.decode()


def test_the_catalogue_tells_other_portals_where_each_file_is(client, une_de_chaque):
    catalogue = json.loads(lire(client, reverse("socle:catalogue")))

    assert catalogue["@type"] == "dcat:Catalog"
    jeux = {dataset["dct:identifier"]: dataset for dataset in catalogue["dcat:dataset"]}
    assert set(jeux) == {jeu.cle for jeu in tous_les_jeux()}
    for dataset in jeux.values():
        for distribution in dataset["dcat:distribution"]:
            lire(client, distribution["dcat:downloadURL"]["@id"].removeprefix(settings.SITE_URL))
            assert distribution["dct:license"]["@id"] == settings.LICENCE_URL
    assert any("dct:conformsTo" in d for d in jeux["petitions"]["dcat:distribution"])


def test_the_communes_have_their_contours(client):
    carte = json.loads(lire(client, reverse("socle:communes_geojson")))

    (grenoble,) = [f for f in carte["features"] if f["properties"]["nom"] == "Grenoble"]
    assert grenoble["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert grenoble["properties"]["code_insee"] == "38185"


def test_a_program_is_answered_as_a_program():
    """Whatever the method and without any form key: what may be done, and errors as JSON."""
    programme = Client(enforce_csrf_checks=True)
    inconnu = programme.get(reverse("socle:schema_de_donnees", args=["rien"]))
    ecrit = programme.post(reverse("socle:communes_csv"))
    demande = programme.options(reverse("socle:communes_json"))

    assert [r.status_code for r in (inconnu, ecrit, demande)] == [404, 405, 204]
    assert json.loads(inconnu.content)["statut"] == 404
    assert json.loads(ecrit.content)["erreur"] == "Ces données se lisent avec GET."
    assert ecrit["Allow"] == demande["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_no_two_tables_have_one_name():
    cles = [jeu.cle for jeu in tous_les_jeux() if isinstance(jeu, JeuDeDonnees)]
    assert len(cles) == len(set(cles))
