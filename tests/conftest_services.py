"""Real servers for the tests: a throw-away PostgreSQL, a Valkey, a Celery worker, Chromium.

DATABASE_URL and BROKER_URL, when given, replace the embedded servers.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from weakref import WeakKeyDictionary

import environ
import psycopg2
import pytest
from django.db import connections
from django.test import override_settings

from ops import services
from participation.socle.bd.base import DatabaseWrapper, est_muette
from tests.socle.boite_smtp import Boite, serveur_smtp

# Playwright keeps an event loop in the thread of the test: the ORM would refuse to run there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("ENVIRONNEMENT", "essais")

RACINE = Path(__file__).resolve().parent.parent
# Dozens of processes are started here: where nobody keeps what is compiled, each of them begins by compiling 1 500 modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PYTHONPYCACHEPREFIX", str(RACINE / ".data" / "pycache"))
# A throw-away cluster is thousands of small files: in memory they cost the disk nothing. Not where it is scarce, nor where nothing may be run.
MEMOIRE, ASSEZ = Path("/dev/shm"), 4 << 30
if "TMPDIR" not in os.environ and os.access(MEMOIRE, os.W_OK):
    place = os.statvfs(MEMOIRE)
    if place.f_bavail * place.f_frsize >= ASSEZ and not place.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMOIRE)
# The cluster of the last run, whose model database the next one copies while no migration has changed.
GRAPPE = RACINE / ".data" / "essais"
MODELE = "test_modele"
CONNEXIONS_GARDEES = 4  # by a process of the tests, for each database
_base: dict[str, Any] = {}


def cle_du_modele() -> str:
    """What the model database was made from: our migrations, and the versions of what is installed."""
    sources = [*RACINE.glob("requirements*.txt"), *RACINE.glob("*/migrations/*.py")]
    sources += RACINE.glob("participation/*/migrations/*.py")
    empreinte = hashlib.sha256()
    for source in sorted(sources):
        empreinte.update(source.name.encode() + source.read_bytes())  # a migration that is renamed is another
    return empreinte.hexdigest()


def _url_jetable() -> str:
    """Start, at the first demand, a PostgreSQL that dies with this process."""
    if not _base:
        dossier = Path(tempfile.mkdtemp(prefix="essais-"))
        if (gardee := GRAPPE / f"{cle_du_modele()}.tar").exists():
            subprocess.run(["tar", "-C", dossier, "-xpf", gardee], check=True)
        serveur = services.preparer_postgres(dossier, services.PG_JETABLE)
        processus = services.lancer(serveur.commande, dossier / "postgres.log")
        services.attendre_postgres(serveur.url, processus, dossier / "postgres.log")
        _abreger_les_connexions(serveur.url)
        donnees = serveur.commande[serveur.commande.index("-D") + 1]
        _base.update(serveur=serveur, processus=processus, dossier=dossier, prises=donnees)
    return str(_base["serveur"].url)


def _abreger_les_connexions(url: str) -> None:
    """Each page of the live server opens a connection, that hashes the password 4 096 times: once is enough for what lives an hour."""
    with contextlib.closing(psycopg2.connect(url)) as connexion, connexion.cursor() as curseur:
        connexion.autocommit = True
        if connexion.server_version >= 160_000:
            curseur.execute("SET scram_iterations = 1")
            curseur.execute("ALTER ROLE CURRENT_USER PASSWORD %s", [connexion.info.password])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: one server, of the main process; each worker has its own database in it."""
    if "DATABASE_URL" not in os.environ:
        node.workerinput.update(base=_url_jetable(), prises=_base["prises"])


def pytest_unconfigure() -> None:
    if _base:
        gardee = GRAPPE / f"{cle_du_modele()}.tar"
        try:
            a_garder = _modele_est_fait() and not gardee.exists()
        finally:
            services.arreter(_base["processus"], signal.SIGINT)
        if a_garder:
            shutil.rmtree(GRAPPE, ignore_errors=True)
            GRAPPE.mkdir(parents=True, exist_ok=True)
            # Under its name only once it is whole: a run cut here leaves nothing that the next would take.
            brouillon = GRAPPE / f"brouillon-{os.getpid()}"
            # One file: thousands of small ones take seconds to be made.
            if (
                subprocess.run(["tar", "-C", _base["dossier"], "-cf", brouillon, "."], check=False).returncode
                == 0
            ):
                brouillon.rename(gardee)
        shutil.rmtree(_base["dossier"], ignore_errors=True)
        _base.clear()


def _modele_est_fait() -> bool:
    with (
        contextlib.closing(psycopg2.connect(_base["serveur"].url)) as connexion,
        connexion.cursor() as curseur,
    ):
        curseur.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [MODELE]
        )
        return curseur.fetchone() == (cle_du_modele(),)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    # Of each thread, since it may end: what it leaves, another takes (`connexions_reprises`).
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    # The settings were read before this plugin: the address is put in the connection itself.
    if "DATABASE_URL" in os.environ:
        return
    url = getattr(request.config, "workerinput", {}).get("base") or _url_jetable()
    lue = environ.Env.db_url_config(url)
    connections["default"].settings_dict.update(
        {cle: lue[cle] for cle in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    )


def _par_la_prise(prises: str | None, parametres: dict[str, Any]) -> dict[str, Any]:
    """The same server by its socket of this folder, if it has one there that can be named."""
    prise = f"{prises}/.s.PGSQL.{parametres.get('port')}"
    return {**parametres, "host": prises} if len(prise) < 100 and Path(prise).exists() else parametres


@pytest.fixture(scope="session")
def connexions_reprises(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[None]:
    """A connection that a thread closes is given to the next that opens one: each page of the live server has its thread.

    A new one knows nothing of the tables, and learns them again: half of what the page asks of the server.
    """
    prises = getattr(request.config, "workerinput", _base).get("prises")
    ouvrir, fermer = DatabaseWrapper.get_new_connection, DatabaseWrapper._close
    libres: dict[str, list[Any]] = {}

    def reprendre(self: DatabaseWrapper, parametres: dict[str, Any]) -> Any:
        siennes = libres.setdefault(repr(parametres), [])
        while siennes:
            reprise = siennes.pop()
            if est_muette(reprise):  # else the server has ended it meanwhile
                return reprise
        neuve = ouvrir(self, _par_la_prise(prises, parametres))
        adresses[neuve] = siennes
        return neuve

    def rendre(self: DatabaseWrapper) -> None:
        rendue = self.connection
        siennes = adresses.get(rendue)
        if siennes is None or self.in_atomic_block or len(siennes) >= CONNEXIONS_GARDEES:
            fermer(self)
            return
        try:
            rendue.rollback()
            rendue.autocommit = True
            with rendue.cursor() as curseur:
                # Not DISCARD ALL: what is prepared stays, and the site knows it by its connection.
                curseur.execute("RESET ALL; SELECT pg_advisory_unlock_all()")
        except psycopg2.Error:
            fermer(self)
        else:
            siennes.append(rendue)

    adresses: WeakKeyDictionary[Any, list[Any]] = WeakKeyDictionary()
    with mock.patch.multiple(DatabaseWrapper, get_new_connection=reprendre, _close=rendre):
        yield
    for siennes in libres.values():
        for connexion in siennes:
            connexion.close()


@pytest.fixture(scope="session", autouse=True)
def dossiers_jetables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test writes in the data of the site."""
    dossier = tmp_path_factory.mktemp("donnees")
    (dossier / "static").mkdir()
    with override_settings(
        DOSSIER_DONNEES=dossier, MEDIA_ROOT=dossier / "fichiers", STATIC_ROOT=dossier / "static"
    ):
        yield dossier


@pytest.fixture(scope="session")
def courtier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Valkey of this test process, empty at the start."""
    if url := os.environ.get("BROKER_URL"):
        yield url
        return
    dossier = tmp_path_factory.mktemp("valkey")
    serveur = services.preparer_valkey(dossier, durable=False)
    processus = services.lancer(serveur.commande, dossier / "valkey.log")
    services.attendre_valkey(serveur.url, processus, dossier / "valkey.log")
    yield serveur.url
    services.arreter(processus)


@dataclass
class Worker:
    """A Celery worker in its own process, on the test database."""

    processus: subprocess.Popen[bytes]
    journal: Path

    @property
    def est_vivant(self) -> bool:
        return self.processus.poll() is None

    def arreter(self) -> None:
        """Warm stop: what was begun is finished."""
        services.arreter(self.processus)

    def tuer(self) -> None:
        """As a power cut would: the children go too."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processus.pid, signal.SIGKILL)
        self.processus.wait()


def _url_de_la_base() -> str:
    base = connections["default"].settings_dict
    return f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{base['NAME']}"


@pytest.fixture
def lancer_worker(
    django_db_setup: None, courtier: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Worker]]:
    """Factory: `lancer_worker(EMAIL_URL=…)` starts a worker, returns when it takes tasks. `seul`: it does one thing at a time,
    in one process.

    It stops with the test: a worker left alive would take the tasks of the next one.
    """
    lances: list[Worker] = []

    def fabrique(*, seul: bool = False, **reglages: str) -> Worker:
        dossier = tmp_path_factory.mktemp("worker")
        journal = dossier / "worker.log"
        env = {
            **os.environ,
            "DATABASE_URL": _url_de_la_base(),
            "BROKER_URL": courtier,
            "DOSSIER_DONNEES": str(dossier),
            "CONN_MAX_AGE": "0",
            "SKIP_CHECKS": "1",  # that one starts with them is seen in test_run
            **reglages,
        }
        commande = (
            *services.MEURT_AVEC,
            *(sys.executable, "-m", "ops.celery", "-A", "participation", "worker", "--loglevel", "INFO"),
            *(("--pool", "solo") if seul else ("--concurrency", "2")),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )
        worker = Worker(services.lancer(commande, journal, env), journal)
        lances.append(worker)
        fin = time.monotonic() + services.ATTENTE
        while b" ready." not in journal.read_bytes():
            if not worker.est_vivant or time.monotonic() > fin:
                pytest.fail(f"Le worker ne démarre pas :\n{journal.read_text()[-3000:]}")
            time.sleep(0.05)
        return worker

    yield fabrique
    for worker in lances:
        worker.arreter()


@pytest.fixture
def celery_reel(courtier: str) -> Iterator[str]:
    """Tasks called in the test go to the real broker; its queues are empty at the start."""
    import redis

    from participation.celery import app
    from participation.socle import taches_differees

    # A test before may have met a dead broker: this one is alive.
    taches_differees._panne["jusqu_a"] = 0.0
    avant = {
        cle: app.conf[cle]
        for cle in ("broker_url", "broker_write_url", "broker_read_url", "task_always_eager")
    }
    redis.Redis.from_url(courtier).flushdb()
    app.conf.update(
        broker_url=courtier, broker_write_url=courtier, broker_read_url=courtier, task_always_eager=False
    )
    app.set_current()
    _oublier_les_connexions(app)
    yield courtier
    app.conf.update(avant)
    _oublier_les_connexions(app)


def _oublier_les_connexions(app: Any) -> None:
    from kombu import pools

    pools.reset()
    app._pool = None
    app.amqp.__dict__.pop("_producer_pool", None)
    app.amqp._producer_pool = None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # The one without a window first: it costs a third less.
    noms = ("chromium-headless-shell", "chromium")
    chemin = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, noms)), None)
    if not chemin:
        pytest.exit("Chromium manque : apt-get install -y chromium (ou CHROMIUM=/chemin)", returncode=4)
    return {
        **browser_type_launch_args,
        "executable_path": chemin,
        # With the clock set elsewhere (ops/horloge.py) no page would ever load: Chromium keeps the hour of the machine.
        "env": {nom: valeur for nom, valeur in os.environ.items() if nom != "LD_PRELOAD"},
        "args": [
            *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            # A page lives too short for its scripts to be worth optimizing, or its memory collecting.
            "--js-flags=--no-opt --no-maglev --min-semi-space-size=32 --max-semi-space-size=64",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",  # as in tests/navigateur.py
    }


@pytest.fixture
def vrai_courrier(settings: Any) -> None:
    """The letter box of the site: Django puts another one in tests."""
    settings.EMAIL_BACKEND = "participation.socle.courrier.BoiteEnvoi"


@pytest.fixture
def boite_du_site(settings: Any, live_server: Any, vrai_courrier: None) -> Iterator[Boite]:
    """A mail server, to which the site that a browser visits sends its letters."""
    boite = Boite()
    settings.SITE_URL = live_server.url
    with serveur_smtp(boite) as port:
        transport = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
        settings.COURRIEL_TRANSPORT = {**settings.COURRIEL_TRANSPORT, **transport}
        yield boite
