"""Open311 client that posts again about a request: a message for the agents."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from remontees.open311 import actes as open311
from remontees.workflow import Etat
from tests.remontees.factories import SujetFactory
from tests.remontees.open311 import BASE, deposee, erreur, lire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def dire_du_nouveau(client, cle, remontee, forme="json", **lu):
    nouvelle = {
        "api_key": cle,
        "service_request_id": remontee.reference,
        "update_id": "12",
        "status": "OPEN",
        "updated_datetime": "2026-01-31T08:00:00+01:00",
        "description": "Deux autres lampadaires sont éteints.",
        **lu,
    }
    return client.post(f"{BASE}/servicerequestupdates.{forme}", nouvelle)


def test_a_client_says_again_about_what_it_posted_and_an_agent_reads_it(client, categorie, cle):
    remontee = deposee(client, cle)

    (recue,) = dire_du_nouveau(client, cle, remontee, media_url="https://photos.example.org/2.jpg").json()
    racine = ET.fromstring(dire_du_nouveau(client, cle, remontee, forme="xml").content)

    # The same number twice is one message, in both formats.
    assert racine.tag == "service_request_updates"
    assert racine.find("request_update/update_id").text == recue["update_id"]
    (message,) = remontee.messages.all()
    assert (message.moyen, message.sens, message.lu_le) == ("open311", "entrant", None)
    assert message.ecrit_le == datetime(2026, 1, 31, 7, tzinfo=UTC)
    assert (
        message.texte == "Deux autres lampadaires sont éteints.\n\nPhoto : https://photos.example.org/2.jpg"
    )
    # The text is never returned by the API.
    assert "lampadaires sont" not in lire(client, "servicerequestupdates.json", api_key=cle).content.decode()


def test_what_is_said_again_opens_and_closes_nothing_by_itself(client, categorie, cle):
    from remontees.tri import actes as tri

    remontee = deposee(client, cle)
    dire_du_nouveau(client, cle, remontee, status="closed")
    remontee.refresh_from_db()
    assert remontee.etat == Etat.NOUVELLE
    assert "L’application la dit close" in remontee.messages.get().texte

    tri.ecarter(remontee, par=CompteFactory(agent=True), motif="Essai.")
    dire_du_nouveau(client, cle, remontee, update_id="13")
    remontee.refresh_from_db()
    assert remontee.etat == Etat.ECARTEE
    assert remontee.messages.filter(est_apres_cloture=True, lu_le=None).count() == 1


def test_what_is_said_again_wrongly_leaves_nothing(client, categorie, cle):
    remontee = deposee(client, cle)

    for lu, code, mot in (
        ({"api_key": ""}, 403, "api_key"),
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "REM-1900-1"}, 404, "service_request_id"),
        ({"update_id": " "}, 400, "update_id"),
        ({"update_id": "x" * 101}, 400, "update_id"),
        ({"status": "fixed"}, 400, "status"),
        ({"updated_datetime": "hier"}, 400, "W3C"),
        ({"description": "\0"}, 400, "description"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"jurisdiction_id": "ailleurs.fr"}, 404, "jurisdiction_id"),
    ):
        statut, dit = erreur(dire_du_nouveau(client, cle, remontee, **lu))
        assert (statut, mot in dit) == (code, True), (lu, dit)
    assert not remontee.messages.exists()


def test_a_client_says_nothing_about_what_another_posted_nor_about_a_public_sujet(client, categorie, cle):
    remontee = deposee(client, cle)
    autre = open311.creer_client(par=CompteFactory(agent=True), nom="Autre", courriel="a@example.org")[1]

    assert erreur(dire_du_nouveau(client, autre, remontee))[0] == 404
    assert erreur(dire_du_nouveau(client, cle, SujetFactory(publie=True)))[0] == 404
    assert not remontee.messages.exists()


def test_a_client_that_says_too_much_waits_until_an_agent_reads(client, categorie, cle):
    remontee = deposee(client, cle)
    for n in range(20):
        assert dire_du_nouveau(client, cle, remontee, update_id=f"n{n}").status_code == 200

    assert erreur(dire_du_nouveau(client, cle, remontee, update_id="de trop"))[0] == 429
    # A message from before, sent again, is recognised.
    assert dire_du_nouveau(client, cle, remontee, update_id="n0").status_code == 200
    assert remontee.messages.count() == 20
