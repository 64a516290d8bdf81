"""Sharing links and footer of a page; lists and journals without repetition."""

import io
import json
import re

import pytest
from django.conf import settings
from PIL import Image

from participation.socle.actions import noter
from participation.socle.fichiers.export import instant
from participation.socle.models import ReglageService
from tests.ccspl.factories import AvisFactory
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
THEME = (settings.BASE_DIR / "static/css/theme.css").read_text()


def test_a_petition_and_an_avis_are_shared_with_a_picture_of_their_own(client):
    petition, avis = (
        PetitionFactory(en_collecte=True, titre="Œuvrer à « l’Île Verte » " * 6),
        AvisFactory(adopte=True),
    )
    for page, titre in ((petition.get_public_url(), "Île Verte"), (avis.get_public_url(), avis.titre)):
        html = client.get(page).content.decode()
        assert '<meta property="og:title" content="' in html
        assert titre in html
        image = html.split('<meta property="og:image" content="')[1].split('"')[0]
        reponse = client.get("/" + image.split("/", 3)[3])
        lue = Image.open(io.BytesIO(reponse.content))
        assert lue.size == (1200, 630)
        assert (
            "#{:02x}{:02x}{:02x}".format(*lue.convert("RGB").getpixel((5, 5))) in THEME
        )  # in the colour of its page
        assert "max-age" in reponse["Cache-Control"]
        assert reponse["ETag"]

    assert client.get(f"/petitions/{petition.pk}/").url == petition.get_public_url()
    assert f"/petitions/{petition.pk}/</span>" in client.get(petition.get_public_url()).content.decode()
    assert "data-partager" in client.get(petition.get_public_url()).content.decode()


def test_each_public_page_is_shared_with_its_title_its_words_and_a_picture(client):
    html = client.get("/donnees-ouvertes/").content.decode()
    assert '<meta property="og:title" content="Données ouvertes">' in html
    assert '<meta property="og:description" content="Les données ouvertes de la participation' in html
    image = html.split('<meta property="og:image" content="')[1].split('"')[0]
    assert Image.open(io.BytesIO(client.get("/" + image.split("/", 3)[3]).content)).size == (1200, 630)

    client.force_login(CompteFactory(agent=True))
    assert "og:title" not in client.get("/journee/").content.decode(), "Une page du bureau ne se partage pas."


def test_a_seance_and_the_open_data_are_said_to_search_engines(client):
    seance = SeanceFactory(convoquee=True, est_publique=True, titre="</script> & la suite")
    lues = lire_les_donnees(client.get(seance.get_public_url()))
    event = lues["Event"]
    assert event["name"] == seance.titre
    _, au_dessus, *_ = lues["BreadcrumbList"]["itemListElement"]
    assert au_dessus["item"].endswith(f"/instances/{seance.instance.cle}/")
    assert list(lire_les_donnees(client.get("/"))) == ["WebSite"]
    assert event["startDate"] == instant(seance.debut)
    assert event["eventStatus"].endswith("EventScheduled")
    assert event["location"][0]["name"] == seance.lieu

    catalogue = lire_les_donnees(client.get("/donnees-ouvertes/"))["DataCatalog"]
    assert {"petitions", "communes"} <= {jeu["url"].partition("#")[2] for jeu in catalogue["dataset"]}


def lire_les_donnees(page) -> dict:
    lus = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.S)
    return {lu["@type"]: lu for lu in map(json.loads, lus)}


def test_the_foot_of_a_public_page_says_how_to_reach_the_service(client):
    ReglageService.objects.update(contact="service@example.org", telephone="04 00 00 00 01")

    html = client.get("/mentions-legales/").content.decode()

    assert 'href="mailto:service@example.org"' in html
    assert 'href="tel:0400000001"' in html


def test_open_data_names_the_communes_beside_their_codes(client):
    PetitionFactory(en_collecte=True)
    entetes = (
        b"".join(client.get("/petitions/donnees/petitions.csv").streaming_content).decode().splitlines()[0]
    )
    assert "commune_auteur;commune_auteur_nom" in entetes
    entetes = b"".join(client.get("/rendu-compte/suites.csv").streaming_content).decode().splitlines()[0]
    assert "communes;communes_noms" in entetes


def test_equal_lines_of_a_journal_are_one(client):
    agent, petition = CompteFactory(agent=True), PetitionFactory(deposee=True)
    for texte in [*["Le téléphone sonne occupé."] * 50, "Elle a répondu."]:
        noter(petition, par=agent, note=texte)
    client.force_login(agent)

    html = client.get(petition.get_absolute_url()).content.decode()

    assert html.count("Le téléphone sonne occupé.") == 1
    assert "fois)" in html


def test_the_filters_of_a_list_are_behind_one_button_and_those_in_force_are_said(client):
    client.force_login(CompteFactory(agent=True))
    assert "Filtres en vigueur" not in client.get("/dossiers/").content.decode()

    page = client.get("/dossiers/?agent=moi&q=banc").content.decode()

    assert re.search(r'href="/dossiers/\?q=banc">\s*Suivi par', page)
