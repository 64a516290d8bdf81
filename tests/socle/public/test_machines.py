"""Well-known URLs and head of the public pages, for search engines, browsers and other tools."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from participation.socle.models import ReglageService
from tests.ccspl.factories import AvisFactory
from tests.ccspl.test_publiques import publier
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import SeanceFactory
from tests.socle.factories import CompteFactory
from tests.socle.traductions.traduire import traduire

pytestmark = pytest.mark.django_db
ESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def adresses_du_plan(client) -> list[str]:
    reponse = client.get("/sitemap.xml")
    assert reponse["Content-Type"].startswith("application/xml")
    adresses = [e.text for e in ElementTree.fromstring(reponse.content).findall("s:url/s:loc", ESPACE)]
    assert all(adresse.startswith(f"{settings.SITE_URL}/") for adresse in adresses)
    return [adresse.removeprefix(settings.SITE_URL) for adresse in adresses]


def test_each_page_of_the_plan_is_public_and_says_its_address_and_what_it_is(client):
    petition = PetitionFactory(en_collecte=True)
    traduire(petition, CompteFactory(agent=True), CompteFactory(agent=True), "falc", "On demande un bus.")
    seance = SeanceFactory(convoquee=True, est_publique=True)
    brouillon, en_cours = PetitionFactory(deposee=True), AvisFactory(en_redaction=True)
    avis = publier()
    adresses = adresses_du_plan(client)

    assert seance.get_public_url() in adresses
    assert len(adresses) == len(set(adresses))
    assert {petition.get_public_url(), avis.get_public_url(), "/", "/rendu-compte/chiffres/"} <= set(adresses)
    assert not {brouillon.get_public_url(), en_cours.get_public_url()} & set(adresses)
    resumes = {}
    for adresse in adresses:
        page = client.get(adresse)
        html = page.content.decode()
        assert page.status_code == 200, adresse
        assert not page.cookies, adresse
        assert re.findall(r'<link rel="canonical" href="([^"]+)"', html) == [settings.SITE_URL + adresse]
        (resumes[adresse],) = re.findall(r'<meta name="description"\s+content="([^"]{20,300})"', html)
        assert 'content="noindex"' not in html, adresse
    assert len(set(resumes.values())) == len(resumes), "deux pages se présentent de la même façon"


def test_a_filtered_list_and_an_error_do_not_pass_for_other_pages(client):
    filtree = client.get("/petitions/?liste=toutes&q=bus").content.decode()
    assert f'rel="canonical" href="{settings.SITE_URL}/petitions/"' in filtree
    assert 'rel="canonical"' not in client.get("/nulle-part/").content.decode()


def test_robots_are_told_where_the_plan_is_and_kept_from_the_sign_in(client):
    texte = client.get("/robots.txt").content.decode()

    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in texte
    assert "Disallow: /comptes/" in texte
    interdits = re.findall(r"Disallow: (\S+)", texte)
    assert not [a for a in adresses_du_plan(client) if a.startswith(tuple(interdits))]


def test_who_finds_an_open_door_knows_whom_to_write_to(client):
    ReglageService.objects.update_or_create(pk=1, defaults={"contact": "participation@metropole.example"})
    champs = dict(
        ligne.split(": ", 1)
        for ligne in client.get("/.well-known/security.txt").content.decode().splitlines()
    )

    assert champs["Contact"] == "mailto:participation@metropole.example"
    expire = datetime.fromisoformat(champs["Expires"])
    assert datetime.now(UTC) + timedelta(days=30) < expire < timezone.localtime() + timedelta(days=365)
    assert champs["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"


def test_a_password_manager_is_led_to_the_page_that_changes_it(client):
    reponse = client.get("/.well-known/change-password")
    assert (reponse.status_code, reponse["Location"]) == (302, reverse("socle:mot_de_passe"))


def test_the_browser_finds_icons_manifest_and_search(client):
    assert finders.find(client.get("/favicon.ico")["Location"].removeprefix("/static/"))
    manifeste = client.get("/manifest.webmanifest")
    assert manifeste["Content-Type"] == "application/manifest+json"
    for icone in manifeste.json()["icons"]:
        assert finders.find(icone["src"].removeprefix("/static/")), icone
    recherche = ElementTree.fromstring(client.get("/opensearch.xml").content)
    (url,) = recherche.findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    assert url.get("template") == f"{settings.SITE_URL}/chercher/?q={{searchTerms}}"
    accueil = client.get("/").content.decode()
    for adresse in ("/favicon.ico", "/manifest.webmanifest", "/opensearch.xml"):
        assert f'href="{adresse}"' in accueil


def test_no_page_asks_for_a_camera_nor_lends_itself_to_another_site(client):
    for adresse in ("/", "/comptes/login/", "/robots.txt"):
        reponse = client.get(adresse)
        assert "camera=()" in reponse["Permissions-Policy"]
        assert reponse["Cross-Origin-Resource-Policy"] == "same-origin"
