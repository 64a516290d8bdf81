"""Pytest plugin that records which parts of a request are read, and by which lines of code.

What no code reads cannot break a page, so the robustness tests do not send it.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers import exception
from django.core.handlers.wsgi import WSGIRequest
from django.forms.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.http import request as http_request
from django.test import Client
from django.urls import reverse
from django.utils import datastructures

from participation.socle.http import protocole
from participation.socle.views import pages
from participation.socle.views.dossier import contexte_dossier, pages_du_journal
from tests.greffons import marche
from tests.greffons.marche import essayer, ignore_qui_lit
from tests.greffons.monde import clients, lire_table
from tests.maison import APPS

MAISON = tuple(f"{settings.BASE_DIR}/{nom}/" for nom in APPS)
# One text for all that only a text carries (a tag, a line of headers, a scheme, marks of direction, signs of several
# characters): short enough for most fields.
ORDURES = (
    "\x00",
    "javascript:'\"><script>\r\nBcc: x@exemple.fr \u202e\u200b👩‍👩‍👧=1",
    "9" * 40,
    "-1",
    "٣",
    "2026-02-31",
)
# Parameters sent besides those that a page reads by name, for pages that read all of them.
PARAMETRES = (
    "q tri page export lignes choix tous etat nature ouverts echeance agent commune communes "
    "direction dossier annee ordre titre du au debut fin depuis jusqu_a_le "
    "theme statut retour next apercu motif reseau domaine plage filtre liste"
)
DU_CORPS = {"POST", "FILES", "body"}


def portes(objets, comptes: tuple[str, ...]) -> Iterator[tuple[str, str, Client]]:
    """Yield every URL of the table for each of these visitors."""
    for visiteur, client in clients(objets, comptes).items():
        for nom, (objet, _) in lire_table().items():
            yield visiteur, reverse(nom, args=objets[objet]), client


# The result of these functions is not used further: a page number goes to the paginator of Django, an answer
# is returned as it is. Known by the id of their code: hashing a code object reads all of it.
SANS_SUITE = {
    id(une.__code__)
    for une in (contexte_dossier, pages_du_journal, pages.page_acte, protocole.acte_depasse, pages.revenir)
}
# Marker for a test of presence: it reads no parameter, and any value of ORDURES passes it.
S_IL_Y_EN_A = "?"
OUTILS = (__file__, datastructures.__file__, http_request.__file__)
DES_FORMULAIRES = "/django/forms/"


class Interrogee(QueryDict):
    """Query string that records the parameters read, and by which lines of code."""

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
    """Wrap a method that reads the whole query string: it counts as a read of every parameter."""
    mot = S_IL_Y_EN_A if methode == "__len__" else "*"

    def demander(self, *args, **options):
        self._noter(mot)
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


class Postee(Interrogee):
    """Body that records its reads.

    Reads by form fields are left out: the form is kept, and can clean other values.
    """

    def _noter(self, mot: object) -> None:
        cadre = sys._getframe(1)
        while cadre.f_code.co_filename in OUTILS:
            cadre = cadre.f_back
        if DES_FORMULAIRES not in cadre.f_code.co_filename:
            super()._noter(("posté", mot))


def chemin_du_code() -> list[object]:
    """Return our functions in the call stack, with their lines, up to the view or the template.

    What a template reads is only written in the page, whichever page calls the tag.
    """
    chemin: list[object] = []
    cadre = sys._getframe(1)
    while cadre is not None:
        code = cadre.f_code
        if code.co_name == "render_annotated":
            noeud = cadre.f_locals["self"]
            return chemin or [(noeud.origin.name if noeud.origin else "", noeud.token.lineno)]
        if code.co_filename.startswith(MAISON):
            chemin.append((id(code), cadre.f_lineno))
            if id(code) in SANS_SUITE:
                return chemin
        elif code.co_name == "demander" and code.co_filename == marche.__file__:
            return chemin  # the frames below are those of the test
        cadre = cadre.f_back
    return chemin


@pytest.fixture
def regards(monkeypatch) -> list[tuple[object, ...]]:
    """Record each read of the query string and of the body: parameter and lines of code."""
    vus: list[tuple[object, ...]] = []
    lire, adresse = WSGIRequest.GET.func, WSGIRequest._get_full_path
    poste, fichiers, corps = WSGIRequest._get_post, WSGIRequest.FILES.fget, HttpRequest.body.fget

    def get(requete):
        lue = requete.__dict__.get("_lue")
        if lue is None:
            lue = requete.__dict__["_lue"] = lire(requete)
            lue.__class__ = Interrogee
        return lue

    def relire(requete):  # when Django decodes again in another charset
        del requete.__dict__["_lue"]

    def get_full_path(requete, *args):
        vus.append(("get_full_path", *chemin_du_code()))
        return adresse(requete, *args)

    def post(requete):
        vus.append(("POST", *chemin_du_code()))
        lue = poste(requete)
        if type(lue) is QueryDict:
            lue.__class__ = Postee
        return lue

    def files(requete):
        vus.append(("FILES", *chemin_du_code()))
        return fichiers(requete)

    def body(requete):
        if sys._getframe(1).f_code.co_filename not in OUTILS:
            vus.append(("body", *chemin_du_code()))
        return corps(requete)

    monkeypatch.setattr(Interrogee, "regards", vus)
    monkeypatch.setattr(WSGIRequest, "GET", property(get, fdel=relire))
    monkeypatch.setattr(WSGIRequest, "POST", property(post, WSGIRequest._set_post))
    monkeypatch.setattr(WSGIRequest, "FILES", property(files))
    monkeypatch.setattr(WSGIRequest, "body", property(body), raising=False)
    monkeypatch.setattr(WSGIRequest, "_get_full_path", get_full_path)
    return vus


class Interrogatoire:
    """Sends each of ORDURES in every parameter to the pages that read their query string.

    A page is first requested without parameters, to learn what it reads. It is skipped if the same lines of
    code already met each of ORDURES, as the frame of the back office does. Reads of the body do not count for
    a GET.
    """

    def __init__(self, regards: list[tuple[object, ...]]) -> None:
        self.regards = regards
        self.eprouves: set[tuple[object, ...]] = set()  # reads that met each of ORDURES
        self.pannes: list[tuple[object, ...]] = []

    def demander(self, client: Client, url: str) -> Any:
        """Request the page without parameters."""
        self.regards.clear()
        return essayer(client.get, url)

    def insister(self, visiteur: str, url: str, client: Client) -> bool:
        """Request the page with each of ORDURES, after `demander`.

        Returns True if the page ignores who is signed in.
        """
        siens, est_de_tous = self._lus(), True
        if siens <= self.eprouves:
            return True
        for ordure in ORDURES:
            self.regards.clear()
            mots = {*PARAMETRES.split(), *(str(regard[0]) for regard in siens)}
            reponse = essayer(client.get, url, dict.fromkeys(mots, ordure) | {"choix": [ordure, "1"]})
            if reponse.status_code >= 500:
                self.pannes.append((visiteur, url, ordure, reponse.exc_info and reponse.exc_info[1]))
            est_de_tous = est_de_tous and ignore_qui_lit(reponse)
            siens |= self._lus()
            if {regard for regard in siens if regard[0] != S_IL_Y_EN_A} <= self.eprouves:
                return est_de_tous
        self.eprouves |= siens
        return est_de_tous

    def _lus(self) -> set[tuple[object, ...]]:
        return {r for r in self.regards if not isinstance(r[0], tuple) and r[0] not in DU_CORPS}


@pytest.fixture
def interrogatoire(regards) -> Interrogatoire:
    return Interrogatoire(regards)


@pytest.fixture
def refus(monkeypatch) -> list[tuple[object, ...]]:
    """Record where each request was refused.

    Each entry has our lines of code, and the look-up function of the page of an act.
    """
    vus: list[tuple[object, ...]] = []
    repondre = exception.response_for_exception

    def noter(request, exc):
        chemin, trace = [], exc.__traceback__
        while trace is not None:
            cadre = trace.tb_frame
            if cadre.f_code.co_filename.startswith(MAISON):
                chemin.append((id(cadre.f_code), trace.tb_lineno, cadre.f_locals.get("trouver")))
            trace = trace.tb_next
        vus.append((type(exc), *chemin))
        return repondre(request, exc)

    monkeypatch.setattr(exception, "response_for_exception", noter)
    return vus


@pytest.fixture
def formulaires(monkeypatch, regards) -> list[BaseForm]:
    """Record each form bound to a body."""
    lies: list[BaseForm] = []
    faire = BaseForm.__init__

    def init(self: BaseForm, *args: Any, **options: Any) -> None:
        faire(self, *args, **options)
        if isinstance(self.data, Postee):
            lies.append(self)

    monkeypatch.setattr(BaseForm, "__init__", init)
    return lies
