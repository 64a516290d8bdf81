"""Fixtures and checks shared by all tests."""

import gc
import os
import re
import time
from itertools import cycle
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.core.cache import cache, caches
from django.http import HttpRequest
from django.test import Client
from hypothesis import is_hypothesis_test
from hypothesis import settings as hypothesis

from participation.socle.bd.sondes import Composee
from participation.socle.collectivite import CLE, Collectivite
from tests.greffons.pile import au_large

# No deadline: the machine may be slow. Half the usual examples: each run draws others.
hypothesis.register_profile("essais", deadline=None, max_examples=50)
hypothesis.load_profile("essais")

pytest_plugins = [
    "tests.greffons.services",
    "tests.greffons.base",
    "tests.greffons.marche",
    "tests.greffons.monde",
    "tests.greffons.regards",
    "tests.greffons.navigateur",
    "tests.greffons.lettres",
]

# Long tests run first, spread over the processes: a long test started last would delay the end of the run.
LONGS = (
    "test_each_visitor_gets",
    "du service",
    "test_liens.py",
    "test_robustesse_formulaires",
    "test_robustesse_portes",
    "test_pages_accessibles",
    "test_robustesse_seances",
    "test_demo.py",
    "test_parcours",
    "test_adresses",
    "_navigateur",
)
# These need no base: they run while another process makes it.
SANS_BASE = ("test_expressions", "test_architecture", "test_ecriture")
# Needs the demonstration, and is too long to come after the other tests that need it.
SUIT = "test_every_link_opens"
# These wait more than they work, for a worker or a server that they start or kill.
ATTENDENT = ("tests/exploitation/", "_worker.py", "test_courriels_hostiles", "test_a_worker")


# Fixtures that plugins add to every test, with the mark or fixture that they serve. Unused, they cost a third
# of an empty test.
SANS_EFFET = {
    "_django_clear_site_cache": "",  # the site uses no django.contrib.sites
    "_django_isolate_apps": "django_isolate_apps",
    "_django_set_urlconf": "urls",
    "_live_server_helper": "live_server",
    "_pw_trace_api_requests": "playwright",
    "_template_string_if_invalid_marker": "ignore_template_errors",
}


def sans_effet(item: pytest.Function, nom: str) -> bool:
    if nom not in SANS_EFFET:
        return False
    attendu = SANS_EFFET[nom]
    return attendu not in item.fixturenames and not item.get_closest_marker(attendu)


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function):
        item.fixturenames[:] = [nom for nom in item.fixturenames if not sans_effet(item, nom)]


def invente(item: pytest.Item) -> bool:
    return is_hypothesis_test(getattr(item, "obj", None))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests for xdist: each process gets a share, then takes from the end of another share.

    The first shares begin with the long tests. One process loads the demonstration, and one waits, while the others
    run what needs neither; the walk along the links comes later, when the demonstration is there.
    """
    noms = (*LONGS, *ATTENDENT)
    # pytest composes a nodeid again each time it is read.
    ou = {item: item.nodeid for item in items}
    rangs = {item: [rang for rang, nom in enumerate(noms) if nom in ou[item]] for item in items}
    longs = sorted((item for item in items if rangs[item]), key=lambda item: min(rangs[item]))
    sans_base = {item: None for item in items if any(nom in ou[item] for nom in SANS_BASE)}
    # Those of hypothesis together: each process that runs one reads every module of the site for its constants.
    courts = [item for item in items if not rangs[item] and item not in sans_base]
    courts.sort(key=lambda item: not invente(item))
    processus = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    libres = processus - 2
    suivent = [item for item in longs if SUIT in item.nodeid and libres > 2]
    montrent = [
        item for item in longs if "demonstration" in getattr(item, "fixturenames", ()) and item not in suivent
    ]
    attendent = [item for item in longs if item not in montrent and min(rangs[item]) >= len(LONGS)]
    autres = [item for item in longs if item not in [*suivent, *montrent, *attendent]]
    if suivent:  # in the share of the shortest walk, once the demonstration is there
        place = sum(min(rangs[item]) <= LONGS.index("test_parcours") for item in autres)
        place += (2 - place) % libres
        autres[place:place] = suivent
    tetes = [
        montrent,
        attendent,
        *([*sans_base][rang::libres] + autres[rang::libres] for rang in range(libres)),
    ]
    if libres < 1:
        tetes = [[*sans_base, *longs][rang::processus] for rang in range(processus)]
    reste, partages = len(items), []
    for rang, tete in enumerate(tetes):
        part = reste // (processus - rang)
        reste -= part
        suite = max(0, part - len(tete))
        partages += tete + courts[:suite]
        del courts[:suite]
    items[:] = partages + courts


# Two links to one page are signed at two moments: a test that compares them whole fails each time, and not one run in a
# thousand, when a second goes by between them.
MOMENTS = cycle((0, 1))


def _estampille(_signataire: signing.TimestampSigner) -> str:
    return signing.b62_encode(int(time.time()) - next(MOMENTS))


signing.TimestampSigner.timestamp = _estampille


# Objects made by imports and collection live until the end: keep them out of garbage collection.
gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> object:
    if gc.isenabled():  # called again from below, with room on the stack: pytest runs its own loop
        return None
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    gc.enable()
    fini = au_large(session.config.hook.pytest_runtestloop)(session=session)
    gc.freeze()  # pytest would go twice through all that is left, before all of it goes
    return fini


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m horloge`, skip the modules without this mark: few have it."""
    seul = config.option.markexpr == "horloge" and collection_path.match("test_*.py")
    return True if seul and b"mark.horloge" not in collection_path.read_bytes() else None


FORMULAIRE_POST = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.I | re.S)
EN_LIGNE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\sstyle=[\"']|\son[a-z]+=[\"']|<style", re.I)
# If two templates of a chain use the same block name, body text also appears in the head.
DANS_LA_TETE = re.compile(r"<(?:a|p|h[1-6]|dl|ul|section|nav|form)[\s>]", re.I)
DONNEES_INERTES = re.compile(r"<script[^>]*type=[\"']application/(?:ld\+)?json[\"'].*?</script>", re.I | re.S)


class ClientGarde(Client):
    """Test client that refuses forms without a CSRF token, and inline scripts or styles."""

    def _login(self, user, backend=None):
        """Sign in as Django does, without the session that Django creates and discards for a new client."""
        if settings.SESSION_COOKIE_NAME in self.cookies:
            super()._login(user, backend)
            return
        requete = HttpRequest()
        requete.session = SessionStore()
        login(requete, user, backend)
        requete.session.save()
        self._set_login_cookies(requete)

    def request(self, **requete):
        reponse = super().request(**requete)
        if reponse.get("Content-Type", "").startswith("text/html") and not reponse.streaming:
            html = reponse.content.decode()
            chemin = requete.get("PATH_INFO", "")
            if not chemin.startswith("/reference/"):  # pages of the Django admin
                for formulaire in FORMULAIRE_POST.findall(html):
                    assert "csrfmiddlewaretoken" in formulaire, f"{chemin} : formulaire sans jeton CSRF"
                dite = DONNEES_INERTES.sub("", html)
                tete, fin, _ = dite.partition("</head>")
                assert not fin or not DANS_LA_TETE.search(tete), (
                    f"{chemin} : du texte de la page est dans sa tête"
                )
                trouve = EN_LIGNE.search(dite)
                assert not trouve, f"{chemin} : script ou style en ligne : {trouve.group(0)!r}"
        return reponse


@pytest.fixture
def client() -> Client:
    return ClientGarde()


ICI = Collectivite(nom_ecrit="Grenoble-Alpes Métropole", communes=49)


@pytest.fixture(autouse=True)
def cache_vide() -> None:
    """Clear the caches, so that rate limits and cached pages of a test do not affect the next.

    Who runs the site is known, as in a process that serves for a while: no test counts that query.
    """
    cache.clear()
    caches["processus"].clear()
    caches["processus"].set(CLE, (float("inf"), ICI), None)


@pytest.fixture
def en_clair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the statements of `sonder` unprepared: the SQL of a prepared one would show only its name."""
    monkeypatch.setattr(Composee, "executer", lambda self, curseur: curseur.execute(*self.en_clair()))
