"""No door of the site breaks, opens or is kept, whatever is put in its address, its form or its headers."""

import re
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.base import rien_ne_reste
from tests.monde import lire_table

CHAMP = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"[^>]*>")
PARAMETRES = [
    "q",
    "tri",
    "page",
    "export",
    "lignes",
    "choix",
    "tous",
    "etat",
    "nature",
    "ouverts",
    "echeance",
    "agent",
    "commune",
    "communes",
    "direction",
    "dossier",
    "annee",
    "ordre",
    "titre",
    "du",
    "au",
    "debut",
    "fin",
    "depuis",
    "jusqu_a_le",
    "theme",
    "statut",
    "retour",
    "next",
    "apercu",
    "motif",
    "reseau",
    "domaine",
    "plage",
    "filtre",
    "liste",
]
MAISON = tuple(
    f"{settings.BASE_DIR}/{nom}/"
    for nom in ("participation", "petitions", "ccspl", "contrat_ville", "remontees")
)
ORDURES = (
    "\x00",
    "'\"><script>alert(1)</script>\r\nBcc: x@exemple.fr",
    "9" * 40,
    "-1",
    "٣",
    "2026-02-31",
    "\u202e\u200b👩‍👩‍👧‍👦\ud83d".encode("utf-8", "replace").decode() + "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
)


def portes(objets, comptes: tuple[str, ...]) -> Iterator[tuple[str, str, Client]]:
    """Every door of the site, as each of these visitors."""
    for visiteur in comptes:
        client = Client(raise_request_exception=False)
        if visiteur != "anonyme":
            client.force_login(objets["comptes"][visiteur])
        for nom, (objet, _) in lire_table().items():
            yield visiteur, reverse(nom, args=objets[objet]), client


def essayer(appel, *args, **options):
    """One request, of which the database keeps nothing."""
    with rien_ne_reste():
        reponse = appel(*args, **options)
        if not reponse.streaming:
            reponse.content  # noqa: B018 (rendered)
        else:
            b"".join(reponse.streaming_content)
        for fermer in reponse._resource_closers:
            fermer()
        reponse._resource_closers.clear()
    return reponse


class Interrogee(QueryDict):
    """A query string that notes what it is asked, and by which lines of code."""

    regards: list[tuple[object, ...]] = []

    def _noter(self, mot: object) -> None:
        self.regards.append((mot, *chemin_du_code()))

    def __getitem__(self, mot):
        self._noter(mot)
        return super().__getitem__(mot)

    def get(self, mot, default=None):
        self._noter(mot)
        return super().get(mot, default)

    def getlist(self, mot, default=None):
        self._noter(mot)
        return super().getlist(mot, default)

    def __contains__(self, mot):
        self._noter(mot)
        return super().__contains__(mot)


def _entiere(methode: str):
    """Whoever takes the whole of it has asked for every word: a form, a table of links."""

    def demander(self, *args, **options):
        self._noter("*")
        return getattr(QueryDict, methode)(self, *args, **options)

    return demander


for _methode in (
    "__iter__",
    "__len__",
    "keys",
    "items",
    "lists",
    "values",
    "dict",
    "copy",
    "urlencode",
    "__copy__",
):
    setattr(Interrogee, _methode, _entiere(_methode))


def chemin_du_code() -> list[object]:
    """Where we are: each function of ours on the way, with its line, up to the view, or to the line of a template: what it reads is
    only written."""
    chemin: list[object] = []
    cadre = sys._getframe(1)
    while cadre is not None:
        code = cadre.f_code
        if code.co_name == "render_annotated":
            noeud = cadre.f_locals["self"]
            return [*chemin, (noeud.origin.name if noeud.origin else "", noeud.token.lineno)]
        if code.co_filename.startswith(MAISON):
            chemin.append((code, cadre.f_lineno))
        cadre = cadre.f_back
    return chemin


@pytest.fixture
def regards(monkeypatch) -> list[tuple[object, ...]]:
    """Each look of the site at the query string of its requests: for which word, by which lines."""
    vus: list[tuple[object, ...]] = []
    lire, adresse = WSGIRequest.GET.func, WSGIRequest._get_full_path

    def get(requete):
        lue = requete.__dict__.get("_lue")
        if lue is None:
            lue = requete.__dict__["_lue"] = lire(requete)
            lue.__class__ = Interrogee
        return lue

    def get_full_path(requete, *args):
        vus.append(("get_full_path", *chemin_du_code()))
        return adresse(requete, *args)

    monkeypatch.setattr(Interrogee, "regards", vus)
    monkeypatch.setattr(WSGIRequest, "GET", property(get))
    monkeypatch.setattr(WSGIRequest, "_get_full_path", get_full_path)
    return vus


@pytest.mark.usefixtures("marche")
def test_no_query_string_breaks_a_page(monde, regards) -> None:
    """Every page is asked with the first of ORDURES in every word; with the others, unless it only looks at the words that another
    page has been asked for already, in the same lines of code: the frame of the back office, the page of an act."""
    pannes, eprouves = [], set()
    for visiteur, url, client in portes(monde, ("anonyme", "agent")):
        siens: set[tuple[object, ...]] = set()
        for ordure in ORDURES:
            regards.clear()
            reponse = essayer(client.get, url, dict.fromkeys(PARAMETRES, ordure) | {"choix": [ordure, "1"]})
            if reponse.status_code >= 500:
                pannes.append((visiteur, url, ordure, reponse.exc_info[1] if reponse.exc_info else ""))
            siens |= set(regards)
            if siens <= eprouves:
                break  # what nobody looks at breaks nothing, and these looks have met each of them
        else:
            eprouves |= siens
    assert pannes == []


@pytest.mark.usefixtures("marche")
def test_no_form_breaks_a_page(monde) -> None:
    pannes = []
    for visiteur, url, client in portes(monde, ("anonyme", "auteur", "agent")):
        page = essayer(client.get, url)
        est_une_page = page.status_code == 200 and "html" in page.get("Content-Type", "")
        champs = set(CHAMP.findall(page.content.decode())) if est_une_page else set()
        champs -= {"csrfmiddlewaretoken"}
        for ordure in (*ORDURES, "long", None):
            valeur = "é" * 300_000 if ordure == "long" else ordure
            donnees = {} if valeur is None else dict.fromkeys(champs or {"q"}, valeur)
            if ordure == "long" and len(donnees) > 3:
                donnees = dict(list(donnees.items())[:3])
            reponse = essayer(client.post, url, donnees)
            if reponse.status_code >= 500:
                pannes.append((visiteur, url, ordure, reponse.exc_info[1] if reponse.exc_info else ""))
            lu = reponse.request["wsgi.input"].read_started
            if not lu:
                break  # refused before the body is read: no other body does more
        codage = {
            "data": "a=%FF%FE%00&b[]=%00",
            "content_type": "application/x-www-form-urlencoded; charset=utf-16",
        }
        # The charset is heard before the body: everywhere. What the body is, where one is read.
        for options in (
            (codage,)
            if not lu
            else (
                codage,
                {"data": '{"a": [1, {}]}', "content_type": "application/json"},
                {"data": b"--x\r\ncontent", "content_type": "multipart/form-data; boundary=x"},
                {
                    "data": {
                        c: SimpleUploadedFile("../../\x00a.svg", b"<svg onload=alert(1)>")
                        for c in champs or {"q"}
                    }
                },
            )
        ):
            reponse = essayer(client.post, url, **options)
            if reponse.status_code >= 500:
                pannes.append(
                    (visiteur, url, str(options)[:60], reponse.exc_info[1] if reponse.exc_info else "")
                )
    assert pannes == []


@pytest.mark.usefixtures("marche")
def test_no_number_breaks_an_address(monde) -> None:
    pannes = []
    client = Client(raise_request_exception=False)
    client.force_login(monde["comptes"]["agent"])
    for nom, (objet, _) in lire_table().items():
        args = monde[objet]
        if args and isinstance(args[0], int):
            for cle in ("9" * 30, "0", "9223372036854775808"):
                url = reverse(nom, args=[int(cle), *args[1:]])
                for appel in (client.get, client.post):
                    if essayer(appel, url).status_code >= 500:
                        pannes.append((appel.__name__, url))
    assert pannes == []


def test_no_choice_of_rows_breaks_an_act_on_many(client, monde) -> None:
    client.force_login(monde["comptes"]["agent"])
    url = reverse("socle:dossiers")

    for choix in (["²"], ["9" * 40], ["9" * 5000], ["1,2", "٣"], ["-1"], ["\x00"], [""]):
        for corps in (
            {"lot": "prendre_en_charge", "choix": choix},
            {"lot": "prendre_en_charge", "reste": choix[0], "total": "x", "faits": "²"},
            {"lot": "x", "choix": choix},
        ):
            assert client.post(url, corps).status_code < 500, corps


def test_no_cache_keeps_a_page_of_the_back_office_nor_of_an_account(monde) -> None:
    client = Client()
    client.force_login(monde["comptes"]["agent"])
    for nom in ("socle:journee", "socle:dossiers", "socle:mon_compte", "petitions:tableau", "admin:index"):
        assert "private" in client.get(reverse(nom)).get("Cache-Control", ""), nom


DESABONNEMENTS = {
    "petitions:ne_plus_recevoir",
    "petitions:ne_plus_recevoir_auteur",
    "suites:arreter",
    "contrat_ville:arreter_lettres",
    "ccspl:ne_plus_recevoir_resume",
}


@pytest.mark.usefixtures("marche")
def test_every_post_without_its_token_is_refused(monde) -> None:
    """Only the one-click unsubscription of RFC 8058 is open to a bare POST, and what is nowhere in Open311, whose clients have keys."""
    ouverts = []
    for visiteur in ("anonyme", "agent"):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if visiteur != "anonyme":
            client.force_login(monde["comptes"][visiteur])
        for nom, (objet, _) in lire_table().items():
            statut = essayer(client.post, reverse(nom, args=monde[objet]), {}).status_code
            if statut not in {403, 405} and nom not in {*DESABONNEMENTS, "open311:inconnue"}:
                ouverts.append((visiteur, nom, statut))
    assert ouverts == []
