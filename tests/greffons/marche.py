"""Pytest plugin to visit hundreds of pages cheaply.

What a page writes is undone after it, so that the database answers the same query only once.
"""

import contextlib
import copy
import logging
import os
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import EmptyResultSet
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.constants import MULTI, SINGLE
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.defaulttags import ForNode
from django.templatetags.static import StaticNode
from django.test import Client
from django.test.client import ClientHandler, conditional_content_removal
from django.urls import URLResolver, get_resolver
from django.utils.translation import get_language

from participation.socle.bd.sondes import Composee
from participation.socle.models import Compte

# With MARCHE=telle-quelle, nothing is patched.
TELLE_QUELLE = os.environ.get("MARCHE") == "telle-quelle"
LECTURE = re.compile(
    r"[\s(]*(?:SELECT|WITH(?!.*\b(?:INSERT|UPDATE|DELETE)\b)|DECLARE|FETCH|CLOSE)\b", re.I | re.S
)
BORNE = re.compile(r"(?:SAVEPOINT|RELEASE)\b")
# What a compiler is given; the rest is what it has found while it wrote the query.
DEMANDE = ("query", "connection", "using", "elide_empty")


class Memoire:
    """Cache of query results. After a write it is bypassed until the write is undone."""

    def __init__(self) -> None:
        self.lignes: dict[tuple[Any, ...], Any] = {}
        self.sera_defait = False
        self.est_salie = False
        self.ecritures = 0

    def demander(self, cle: tuple[Any, ...], demander: Callable[[], Any]) -> Any:
        if self.est_salie:
            return demander()
        if cle not in self.lignes:
            avant = self.ecritures
            lues = demander()
            if avant != self.ecritures:
                return lues
            self.lignes[cle] = lues
        return self.lignes[cle]

    def ecrire(self) -> None:
        self.ecritures += 1
        if self.sera_defait:
            self.est_salie = True
        else:
            self.lignes.clear()


MEMOIRE = Memoire()


def empreinte(requete: Query) -> bytes:
    """A query in bytes: the same bytes are the same SQL, which need not be written again."""
    return pickle.dumps(requete, pickle.HIGHEST_PROTOCOL)


@contextlib.contextmanager
def rien_ne_reste() -> Iterator[None]:
    """Undo at the end what is written within, in the transaction of the test. Reads take no savepoint."""
    pris = ""

    def prendre(executer: Callable[..., Any], sql: Any, *suite: Any) -> Any:
        nonlocal pris
        if not pris and not LECTURE.match(str(sql)):
            pris = "le nôtre"  # the savepoint itself runs a statement
            pris = transaction.savepoint()
        return executer(sql, *suite)

    MEMOIRE.sera_defait = True
    try:
        with connection.execute_wrapper(prendre):
            yield
        if pris:
            transaction.savepoint_rollback(pris)
            transaction.savepoint_commit(pris)
    finally:
        MEMOIRE.sera_defait = MEMOIRE.est_salie = False


def essayer(appel: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Send one request, then undo its writes and its cookies: a page that signs out does not end the walk."""
    biscuits = appel.__self__.cookies  # type: ignore[attr-defined]
    gardes = dict(biscuits)
    with rien_ne_reste():
        reponse = appel(*args, **options)
        if not reponse.streaming:
            reponse.content  # noqa: B018 (rendered)
        else:
            b"".join(reponse.streaming_content)
        fermer(reponse)
    if reponse.cookies:
        biscuits.clear()
        biscuits.update(gardes)
    return reponse


def fermer(reponse: HttpResponseBase) -> None:
    """Close what the response holds open. Its own `close` would end the database connection of the test."""
    for une in reponse._resource_closers:  # type: ignore[attr-defined]
        une()
    reponse._resource_closers.clear()  # type: ignore[attr-defined]


def ignore_qui_lit(reponse: HttpResponseBase) -> bool:
    """Return True if the response did not open the session, and so is the same for any visitor."""
    session = getattr(reponse.wsgi_request, "session", None)  # type: ignore[attr-defined]
    return session is None or not session.accessed


@pytest.fixture
def marche(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speed up the tests that visit hundreds of pages, read the answers only, and keep none of the writes.

    For each reader, the account, the counts of the menus, the menus and a refusal are computed once. Refusals are not
    logged, queries, their SQL and URL look-ups are cached, the client sends no signals and copies no context. With
    MARCHE=telle-quelle, nothing is patched: the integration runs the table of access so.
    """
    if TELLE_QUELLE:
        yield
        return
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    compter_une_fois(monkeypatch)
    dessiner_les_menus_une_fois(monkeypatch)
    reconnaitre_une_fois(monkeypatch)
    trouver_une_fois(monkeypatch)
    with lire_une_fois(monkeypatch), demander_simplement(monkeypatch):
        yield


def compter_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache the counts of the menus and the pages of refusal."""
    from participation.socle import vitrine
    from participation.socle.http import menus, protocole

    publics: dict[tuple[Any, ...], list[Any]] = {}
    groupes: dict[tuple[Any, ...], Any] = {}
    comptes: dict[int, Callable[[Any], int]] = {}
    refus: dict[tuple[Any, ...], bytes] = {}
    grouper, compter, dessiner = menus._groupes, menus._comptes, protocole.render

    def recueillir(*place: Any) -> list[Any]:
        if len(place) > 1:  # for an account: `grouper_une_fois` keeps these
            return list(vitrine.recueillir(*place))
        if place not in publics:
            publics[place] = list(vitrine.recueillir(*place))
        return publics[place]

    def grouper_une_fois(compte: Any) -> Any:
        # The key holds the rights: accounts with the same rights have the same menu.
        cle = compte.pk, compte.droits
        if cle not in groupes:
            groupes[cle] = grouper(compte)
        return groupes[cle]

    def compter_les_menus(siens: Any, compte: Any) -> Callable[[Any], int]:
        if id(siens) not in comptes:
            comptes[id(siens)] = compter(siens, compte)
        return comptes[id(siens)]

    def dessiner_une_fois(request: Any, gabarit: str, dite: dict[str, Any], *, status: int) -> HttpResponse:
        cle = gabarit, request.method, request.user.pk, get_language()
        if dite.keys() - {"est_une_erreur"} or cle not in refus:
            refus[cle] = dessiner(request, gabarit, dite, status=status).content
        return HttpResponse(refus[cle], status=status)

    monkeypatch.setattr(menus, "recueillir", recueillir)
    monkeypatch.setattr(menus, "_groupes", grouper_une_fois)
    monkeypatch.setattr(menus, "_comptes", compter_les_menus)
    monkeypatch.setattr(protocole, "render", dessiner_une_fois)


def dessiner_les_menus_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache the loops of the layouts over a menu: their output depends on its entries only."""
    dessines: dict[tuple[ForNode, str], Any] = {}
    dessiner = ForNode.render

    def render(self: ForNode, context: Any) -> Any:
        if str(self.sequence.var) not in {"menu_bureau", "menu_public"}:
            return dessiner(self, context)
        cle = self, repr(list(self.sequence.resolve(context) or ()))
        if cle not in dessines:
            dessines[cle] = dessiner(self, context)
        return dessines[cle]

    monkeypatch.setattr(ForNode, "render", render)


def reconnaitre_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache the account that is signed in, its session and its second factor."""
    from participation.socle.http import adaptateurs
    from participation.socle.http import intergiciels as http

    entres: dict[int, Compte | None] = {}
    seconds: dict[int, bool] = {}
    exiges: dict[int, date] = {}
    sessions: dict[str, dict[str, Any]] = {}
    chercher, a_un_second = adaptateurs.QuiEntre.get_user, http.is_mfa_enabled
    exiger, charger, garder = http.exiger_second_facteur, SessionStore.load, SessionStore.save

    def entrer(self: Any, user_id: int) -> Compte | None:
        if user_id not in entres:
            entres[user_id] = chercher(self, user_id)
            if compte := entres[user_id]:
                compte.droits, compte.roles  # noqa: B018 (kept by the account, and by its copies)
        return copy.copy(entres[user_id])  # a copy: a page may change its account

    def a_un_second_facteur(compte: Compte, types: Any) -> bool:
        if compte.pk not in seconds:
            seconds[compte.pk] = a_un_second(compte, types)
        return seconds[compte.pk]

    def exiger_une_fois(compte: Compte) -> date:
        if compte.pk not in exiges:
            exiges[compte.pk] = exiger(compte)
        return exiges[compte.pk]

    def charger_une_fois(self: Any) -> dict[str, Any]:
        if self.session_key not in sessions:
            lue = charger(self)
            if not lue:
                return lue
            sessions[self.session_key] = lue
        return copy.deepcopy(sessions[self.session_key])

    def garder_et_relire(self: Any, must_create: bool = False) -> None:
        if not MEMOIRE.sera_defait:
            sessions.pop(self.session_key, None)
        garder(self, must_create)

    monkeypatch.setattr(adaptateurs.QuiEntre, "get_user", entrer)
    monkeypatch.setattr(http, "exiger_second_facteur", exiger_une_fois)
    monkeypatch.setattr(SessionStore, "load", charger_une_fois)
    monkeypatch.setattr(SessionStore, "save", garder_et_relire)
    monkeypatch.setattr(http, "is_mfa_enabled", a_un_second_facteur)


def trouver_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache the resolution of URLs, their reversal, and the URLs of static files."""
    racine, nommer = get_resolver(), URLResolver._reverse_with_prefix
    adresses: dict[tuple[Any, ...], str] = {}

    def nommer_une_fois(self: Any, nom: Any, prefixe: str, *args: Any, **kwargs: Any) -> str:
        cle = id(self), nom, prefixe, args, tuple(kwargs.items())
        try:
            if cle not in adresses:
                adresses[cle] = nommer(self, nom, prefixe, *args, **kwargs)
        except TypeError:  # an argument that cannot be hashed
            return nommer(self, nom, prefixe, *args, **kwargs)
        return adresses[cle]

    monkeypatch.setattr(racine, "resolve", lru_cache(4_096)(racine.resolve))
    monkeypatch.setattr(StaticNode, "handle_simple", staticmethod(lru_cache(StaticNode.handle_simple)))
    monkeypatch.setattr(URLResolver, "_reverse_with_prefix", nommer_une_fois)


@contextlib.contextmanager
def lire_une_fois(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cache the SQL and the rows of the queries of the models, and the rows of `sonder`."""
    executer = SQLCompiler.execute_sql
    composees: dict[tuple[type, bytes], tuple[Any, dict[str, Any]]] = {}

    def composer(self: SQLCompiler) -> Any:
        try:
            cle = type(self), empreinte(self.query)
        except (pickle.PicklingError, TypeError, AttributeError):
            return self.as_sql()
        if cle in composees:
            ecrite, lus = composees[cle]
            vars(self).update(lus)
            return ecrite
        ecrite = self.as_sql()
        composees[cle] = ecrite, {nom: lu for nom, lu in vars(self).items() if nom not in DEMANDE}
        return ecrite

    def surveiller(suivant: Callable[..., Any], sql: Any, *suite: Any) -> Any:
        if not LECTURE.match(str(sql)) and not BORNE.match(str(sql)):
            MEMOIRE.ecrire()
        return suivant(sql, *suite)

    def executer_une_fois(
        self: Any, result_type: str = MULTI, chunked_fetch: bool = False, **options: Any
    ) -> Any:
        if MEMOIRE.est_salie or chunked_fetch or result_type not in {MULTI, SINGLE}:
            return executer(self, result_type, chunked_fetch, **options)
        try:
            ecrite = composer(self)
            cle = result_type, ecrite[0], tuple(ecrite[1])
            hash(cle)
        except (EmptyResultSet, TypeError):  # empty result, or a value that cannot be hashed
            return executer(self, result_type, chunked_fetch, **options)

        def demander() -> Any:
            self.as_sql = lambda *_, **__: ecrite
            try:
                return executer(self, result_type, chunked_fetch, **options)
            finally:
                del self.as_sql

        return MEMOIRE.demander(cle, demander)

    lire = Composee.demander

    def demander_une_fois(self: Composee) -> list[Any]:
        return list(MEMOIRE.demander((self.texte, self.valeurs, self.numero), lambda: lire(self)))

    # Django pickles a queryset, of a subquery, with its rows: its query is enough.
    monkeypatch.setattr(QuerySet, "__reduce_ex__", lambda self, _: (list, ([self.query],)))
    monkeypatch.setattr(SQLCompiler, "execute_sql", executer_une_fois)
    # Unprepared, so that it is seen as a read.
    monkeypatch.setattr(Composee, "executer", lambda self, curseur: curseur.execute(*self.en_clair()))
    monkeypatch.setattr(Composee, "demander", demander_une_fois)
    MEMOIRE.lignes.clear()
    with connection.execute_wrapper(surveiller):
        yield
    MEMOIRE.lignes.clear()


@contextlib.contextmanager
def demander_simplement(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace `Client.request` by a shorter version, without signals or captured templates."""
    guichet, tombees, passees = ClientHandler(), [], []

    def tomber(**_: Any) -> None:
        tombees.append(sys.exc_info())

    def demander(self: Any, **requete: Any) -> HttpResponseBase:
        if guichet._middleware_chain is None:
            guichet.load_middleware()
        # the request is in a reference cycle: breaking it here halves the work of the garbage collector
        if passees:
            passees.pop().__dict__.clear()
        recue = WSGIRequest(self._base_environ(**requete))
        passees.append(recue)
        recue._dont_enforce_csrf_checks = not self.handler.enforce_csrf_checks
        reponse = guichet.get_response(recue)
        conditional_content_removal(recue, reponse)
        reponse.wsgi_request, reponse.request, reponse.client = recue, requete, self
        if not reponse.streaming:
            fermer(reponse)
        self.exc_info = tombees.pop() if tombees else None
        tombees.clear()
        self.check_exception(reponse)
        if reponse.cookies:
            self.cookies.update(reponse.cookies)
        return reponse

    monkeypatch.setattr(Client, "request", demander)
    got_request_exception.connect(tomber, weak=False)
    try:
        yield
    finally:
        got_request_exception.disconnect(tomber)
