"""HTTP, at every address: methods, errors for programs, parts of files."""

from io import BytesIO

import pytest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory
from django.urls import reverse

from participation.socle.http.protocole import MethodesMiddleware, envoyer

CONTENU = b"0123456789"


def vue_lue_seulement(request):
    return HttpResponse("page") if request.method == "GET" else HttpResponseNotAllowed(["GET", "HEAD"])


@pytest.mark.parametrize(
    ("methode", "statut", "permises"),
    [("OPTIONS", 204, "GET, HEAD, OPTIONS"), ("PUT", 405, "GET, HEAD, OPTIONS"), ("GET", 200, None)],
)
def test_what_an_address_takes_is_said_to_who_asks_or_errs(methode, statut, permises):
    demande = RequestFactory().generic(methode, "/", headers={"Accept": "application/json"})
    reponse = MethodesMiddleware(vue_lue_seulement)(demande)

    assert (reponse.status_code, reponse.headers.get("Allow")) == (statut, permises)
    assert (reponse["Content-Type"] == "application/json") == (statut == 405)


def lire(**entetes):
    reponse = envoyer(
        RequestFactory().get("/", headers=entetes),
        BytesIO(CONTENU),
        nom="x.pdf",
        type_mime="application/pdf",
        etag='"a"',
    )
    corps = b"".join(reponse.streaming_content) if reponse.streaming else b""
    return reponse.status_code, reponse.headers.get("Content-Range"), corps


@pytest.mark.parametrize(
    ("plage", "attendu"),
    [
        ("bytes=2-4", (206, "bytes 2-4/10", b"234")),
        ("bytes=8-", (206, "bytes 8-9/10", b"89")),
        ("bytes=8-99", (206, "bytes 8-9/10", b"89")),
        ("bytes=-3", (206, "bytes 7-9/10", b"789")),
        ("bytes=10-", (416, "bytes */10", b"")),
        ("bytes=-0", (416, "bytes */10", b"")),
        ("bytes=4-2", (200, None, CONTENU)),
        ("bytes=0-1,4-5", (200, None, CONTENU)),
        ("lignes=1-2", (200, None, CONTENU)),
    ],
)
def test_a_part_of_a_file_is_sent_alone(plage, attendu):
    assert lire(Range=plage) == attendu


def test_a_part_of_another_version_is_the_whole_file():
    assert lire(**{"Range": "bytes=2-4", "If-Range": '"b"'}) == (200, None, CONTENU)
    assert lire(**{"Range": "bytes=2-4", "If-Range": '"a"'})[0] == 206


@pytest.mark.django_db
def test_every_public_address_refuses_an_unknown_method_and_says_those_it_takes(client):
    """The mechanism stands before the views: one of each kind is enough (page, list, data, form, unknown)."""
    for adresse in ("/", "/petitions/", "/donnees-ouvertes/communes.json", "/comptes/login/", "/chercher/"):
        refus, options = client.delete(adresse), client.options(adresse)
        assert refus.status_code == 405, adresse
        assert options.status_code == 204, adresse
        assert "GET" in options["Allow"], adresse
        assert refus["Allow"] == options["Allow"], adresse


@pytest.mark.django_db
def test_an_address_opened_otherwise_says_so_in_french_and_what_it_takes(client):
    for reponse, permises, dit in (
        (client.post("/petitions/"), "GET, HEAD", "elle ne reçoit rien"),
        (client.get(reverse("inclusion:repondre")), "POST", "l’adresse d’un bouton"),
    ):
        assert (reponse.status_code, reponse["Allow"]) == (405, permises)
        assert dit in reponse.content.decode()
    programme = client.post("/petitions/", headers={"Accept": "application/json"})
    assert (programme.status_code, programme.json()["statut"]) == (405, 405)


@pytest.mark.django_db
def test_a_program_gets_its_errors_in_json(client):
    assert client.get("/rien.json").json() == {"erreur": "Rien à cette adresse.", "statut": 404}
    assert client.get("/rien/", headers={"Accept": "application/json"}).json()["statut"] == 404
    assert client.get("/rien/", headers={"Accept": "text/html"})["Content-Type"].startswith("text/html")
