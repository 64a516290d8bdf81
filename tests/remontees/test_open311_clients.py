"""Open311 read by third-party tools, and fuzzed from our OpenAPI file."""

import json
import re
from urllib.parse import urlencode, urlsplit

import georeport
import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.wsgi import application
from tests.remontees.factories import SujetFactory
from tests.remontees.open311 import BASE, deposee
from tests.socle.factories import commune

pytestmark = pytest.mark.django_db


# Third-party tools


def test_the_georeport_client_reads_it(client, categorie, monkeypatch):
    sujet = SujetFactory(publie=True, categorie=categorie)

    class Reponse:
        def __init__(self, lue):
            self.content, self.status_code = lue.content, lue.status_code

        def json(self):
            return json.loads(self.content)

        def raise_for_status(self):
            assert self.status_code < 400

    def get(adresse, params=None, **_):
        return Reponse(client.get(f"{urlsplit(adresse).path}?{urlencode(params or {})}"))

    monkeypatch.setattr("georeport.georeport.requests.get", get)
    for forme in ("json", "xml"):
        lecteur = georeport.GeoReport(f"https://testserver{BASE}", output_format=forme)
        assert "eclairage" in [s["service_code"] for s in lecteur.get_service_list()]
        assert lecteur.get_service_definition("eclairage")["service_code"] == "eclairage"
        lues = lecteur.get_service_requests(service_code="eclairage")
        premiere = lues[0] if isinstance(lues, list) else lues
        assert premiere["service_request_id"] == sujet.reference
        assert lecteur.get_service_request(sujet.reference)["service_request_id"] == sujet.reference


@pytest.fixture
def sienne(client, categorie, cle):
    """Made before `contrat` disconnects the signals: the client of Django would connect them again."""
    return deposee(client, cle)


@pytest.fixture
def contrat():
    """Call the site by WSGI. The end of a request keeps the database connection of the test open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    from schemathesis import openapi  # slow to import, and only this process needs it

    yield openapi.from_wsgi(f"{BASE}/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_it_answers_as_its_openapi_file_says_whatever_is_asked(categorie, cle, sienne, contrat):
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    controles = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]
    SujetFactory(publie=True, categorie=categorie)
    SujetFactory(publie=True, repondu=True, categorie=categorie, commune=commune("Meylan"))
    vues = 0
    for operation in contrat.get_all_operations():
        operation = operation.ok()
        vues += 1

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(cas=operation.as_strategy(), avec=st.booleans())
        def essayer(cas, avec):
            if avec and isinstance(cas.body, dict):
                cas.body |= {
                    "api_key": cle,
                    "service_code": "eclairage",
                    "service_request_id": sienne.reference,
                }
            cas.validate_response(cas.call(), checks=controles)

        essayer()
    assert vues == 18


def test_each_address_of_the_file_is_served_and_each_served_is_in_the_file(client):
    chemins = set(client.get(f"{BASE}/openapi.json").json()["paths"])
    from remontees.urls.open311 import urlpatterns

    servis = {
        "/" + re.sub(r"<\w+:(\w+)>", "{}", str(motif.pattern)).removesuffix(".{}")
        for motif in urlpatterns
        if motif.name not in {"contrat", "inconnue"}  # the file itself, and unknown URLs
    }
    assert {re.sub(r"\{\w+\}", "{}", chemin.rpartition(".")[0]) for chemin in chemins} == servis
