"""Data for other programs: open to all origins, dated, not sent again if unchanged, never executed."""

import csv
import io
import json
from datetime import datetime
from xml.etree import ElementTree

import pikepdf
import pytest
from django.conf import settings
from icalendar import Calendar

from participation.socle.fichiers.pdf import PieceEmbarquee, fabriquer_pdf
from participation.suites.models import ChangementSuite
from tests.ccspl.test_publiques import publier
from tests.petitions.factories import PetitionFactory
from tests.seances.factories import SeanceFactory
from tests.suites.factories import SuiteFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
PIEGE = "<img src=x onerror=alert(1)> & \n\nle bus"
FICHIERS = (
    "/petitions/donnees/petitions.json",
    "/petitions/donnees/petitions.csv",
    "/petitions/atom.xml",
    "/rendu-compte/suites.json",
    "/rendu-compte/suites.csv",
    "/rendu-compte/atom.xml",
    "/ccspl/avis.json",
    "/ccspl/avis.csv",
    "/agenda.ics",
)
LISTES = ("/", "/petitions/", "/ccspl/avis/", "/rendu-compte/", "/instances/")


def contenu(reponse) -> bytes:
    return b"".join(reponse.streaming_content) if reponse.streaming else reponse.content


@pytest.mark.parametrize("adresse", FICHIERS)
def test_any_site_may_read_it_and_nobody_takes_twice_what_did_not_change(client, adresse):
    PetitionFactory(en_collecte=True)
    publier()
    SeanceFactory(convoquee=True, est_publique=True, mandature__instance__est_publique=True)
    ChangementSuite.objects.create(suite=SuiteFactory(est_publiee=True))
    premiere = client.get(adresse)
    contenu(premiere)

    assert premiere.status_code == 200
    assert premiere["Access-Control-Allow-Origin"] == "*"
    assert premiere["Cross-Origin-Resource-Policy"] == "cross-origin"
    seconde = client.get(adresse, headers={"If-None-Match": premiere["ETag"]})
    assert seconde.status_code == 304
    assert seconde["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("adresse", LISTES)
def test_a_list_that_did_not_change_is_not_sent_again(client, adresse):
    premiere = client.get(adresse)
    assert client.get(adresse, headers={"If-None-Match": premiere["ETag"]}).status_code == 304
    if adresse == "/petitions/":
        PetitionFactory(en_collecte=True)
        assert client.get(adresse, headers={"If-None-Match": premiere["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "adresse", ["/petitions/donnees/petitions.json", "/rendu-compte/suites.json", "/ccspl/avis.json"]
)
def test_each_file_says_its_licence(client, adresse):
    assert json.loads(contenu(client.get(adresse)))["licence"] == settings.LICENCE


@pytest.mark.parametrize("adresse", ["/petitions/donnees/petitions.csv", "/rendu-compte/suites.csv"])
def test_each_instant_says_its_offset(client, adresse):
    PetitionFactory(en_collecte=True)
    SuiteFactory(est_publiee=True)
    ligne, *_ = csv.DictReader(io.StringIO(contenu(client.get(adresse)).decode("utf-8-sig")), delimiter=";")
    assert datetime.fromisoformat(ligne["modifiee_le"]).utcoffset() is not None


def test_the_page_after_the_last_one_does_not_exist(client):
    PetitionFactory(en_collecte=True)
    adresse = "/petitions/donnees/petitions.json"
    assert client.get(adresse, {"page": "1"}).status_code == 200
    for page in ("99", "0", "-1", "x"):
        assert client.get(adresse, {"page": page}).status_code == 404, page


def test_what_a_citizen_wrote_is_shown_by_feed_readers_never_run(client):
    PetitionFactory(en_collecte=True, demande=PIEGE)
    suite = SuiteFactory(est_publiee=True)
    ChangementSuite.objects.create(suite=suite, nature=ChangementSuite.Nature.TEXTE, texte_public=PIEGE)
    for adresse in ("/petitions/atom.xml", "/rendu-compte/atom.xml"):
        flux = ElementTree.fromstring(client.get(adresse).content)
        resumes = "".join(e.text for e in flux.iter(f"{ATOM}summary"))
        assert "&lt;img src=x onerror=alert(1)&gt; &amp;" in resumes, adresse
        assert "<img" not in resumes, adresse
        assert "<p>le bus</p>" in resumes, adresse


def test_the_calendar_says_who_convenes_and_when_it_changed(client):
    seance = SeanceFactory(convoquee=True, est_publique=True, mandature__instance__est_publique=True)
    (evenement,) = Calendar.from_ical(client.get("/agenda.ics").content).walk("VEVENT")

    assert str(evenement["ORGANIZER"]).startswith("mailto:")
    dernier = seance.journal.order_by("-le").values_list("le", flat=True).first() or seance.cree_le
    assert evenement.decoded("LAST-MODIFIED") == dernier.replace(microsecond=0)


def test_a_pdf_lists_each_embedded_file_once():
    html = '<html lang="fr"><head><title>T</title></head><body><h1>T</h1></body></html>'
    octets = fabriquer_pdf(html, pieces=[PieceEmbarquee("seance.json", b"{}", "Données")])
    with pikepdf.open(io.BytesIO(octets)) as pdf:
        assert [str(piece.UF) for piece in pdf.Root.AF] == ["seance.json"]
