"""Real servers for the tests: a temporary PostgreSQL, a Valkey, a Celery worker and Chromium.

DATABASE_URL and BROKER_URL, when set, replace the embedded servers.
"""

import contextlib
import fcntl
import hashlib
import os
import select
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
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import override_settings

from ops import services
from tests.socle.boite_smtp import Boite, serveur_smtp

# Playwright runs an event loop in the thread of the test, where the ORM refuses to work without this.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("ENVIRONNEMENT", "essais")

RACINE = Path(__file__).resolve().parents[2]
# Tests start dozens of processes: without a bytecode cache, each would compile 1,500 modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ.setdefault("PYTHONPYCACHEPREFIX", str(RACINE / ".data" / "pycache"))
# A temporary cluster is thousands of small files: use memory, if it has enough room and allows execution.
MEMOIRE, ASSEZ = Path("/dev/shm"), 4 << 30
if "TMPDIR" not in os.environ and os.access(MEMOIRE, os.W_OK):
    place = os.statvfs(MEMOIRE)
    if place.f_bavail * place.f_frsize >= ASSEZ and not place.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMOIRE)
# Cluster of the last run: its model database is copied while no migration changes.
GRAPPE = RACINE / ".data" / "essais"
MODELE = "test_modele"
VIVANT = "vivant"  # file of a temporary cluster, locked while its run lives
PATIENCE = 300  # seconds that a test waits for what must come: a slow machine fails none
CONNEXIONS_GARDEES = 4  # per process and per database
_base: dict[str, Any] = {}


def cle_du_modele() -> str:
    """Return the hash of all that the model database depends on: migrations and package requirements."""
    sources = [*RACINE.glob("requirements*.txt"), *RACINE.glob("*/migrations/*.py")]
    sources += RACINE.glob("participation/*/migrations/*.py")
    empreinte = hashlib.sha256()
    for source in sorted(sources):
        empreinte.update(source.name.encode() + source.read_bytes())  # a renamed migration changes the hash
    return empreinte.hexdigest()


def _effacer_les_abandonnes() -> None:
    """Remove the servers of the runs that were killed: they would fill the memory. Those that live hold their lock."""
    for vivant in Path(tempfile.gettempdir()).glob(f"essais-*/{VIVANT}"):
        with contextlib.suppress(OSError), vivant.open("w") as verrou:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(vivant.parent, ignore_errors=True)


def _url_jetable() -> str:
    """Start a PostgreSQL that stops with this process, at the first call. Returns its URL."""
    if not _base:
        _effacer_les_abandonnes()
        dossier = Path(tempfile.mkdtemp(prefix="essais-"))
        if (gardee := GRAPPE / f"{cle_du_modele()}.tar").exists():
            subprocess.run(["tar", "-C", dossier, "-xpf", gardee], check=True)
        verrou = (dossier / VIVANT).open("w")
        fcntl.flock(verrou, fcntl.LOCK_EX)
        serveur = services.preparer_postgres(dossier, services.PG_JETABLE)
        processus = services.lancer(serveur.commande, dossier / "postgres.log")
        services.attendre_postgres(serveur.url, processus, dossier / "postgres.log")
        _abreger_les_connexions(serveur.url)
        donnees = serveur.commande[serveur.commande.index("-D") + 1]
        _base.update(serveur=serveur, processus=processus, dossier=dossier, prises=donnees, verrou=verrou)
    return str(_base["serveur"].url)


def _abreger_les_connexions(url: str) -> None:
    """Hash passwords once instead of 4,096 times: each page of the live server opens a connection."""
    with contextlib.closing(psycopg2.connect(url)) as connexion, connexion.cursor() as curseur:
        connexion.autocommit = True
        if connexion.server_version >= 160_000:
            curseur.execute("SET scram_iterations = 1")
            curseur.execute("ALTER ROLE CURRENT_USER PASSWORD %s", [connexion.info.password])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each xdist worker the server of the main process: each has its own database in it."""
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
            # Renamed once complete: an interrupted run leaves nothing for the next to use.
            brouillon = GRAPPE / f"brouillon-{os.getpid()}"
            # One archive: thousands of small files take seconds to write.
            if (
                subprocess.run(
                    ["tar", "-C", _base["dossier"], f"--exclude=./{VIVANT}", "-cf", brouillon, "."],
                    check=False,
                ).returncode
                == 0
            ):
                brouillon.rename(gardee)
        shutil.rmtree(_base["dossier"], ignore_errors=True)
        _base["verrou"].close()
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
    # Close the connection of each thread at once: `connexions_reprises` gives it to another.
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    # The settings were read before this plugin: set the address in the connection itself.
    if "DATABASE_URL" in os.environ:
        return
    url = getattr(request.config, "workerinput", {}).get("base") or _url_jetable()
    lue = environ.Env.db_url_config(url)
    connections["default"].settings_dict.update(
        {cle: lue[cle] for cle in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    )


def _par_la_prise(prises: str | None, parametres: dict[str, Any]) -> dict[str, Any]:
    """Replace the host by the Unix socket of the server, if it exists and its path is short enough."""
    prise = f"{prises}/.s.PGSQL.{parametres.get('port')}"
    return {**parametres, "host": prises} if len(prise) < 100 and Path(prise).exists() else parametres


def est_muette(connexion: Any) -> bool:
    """Whether this connection of psycopg2 is open and has received nothing since the last answer."""
    if connexion.closed:
        return False
    ecoute = select.poll()
    ecoute.register(connexion.fileno(), select.POLLIN)
    return not ecoute.poll(0)


@pytest.fixture(scope="session")
def connexions_reprises(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[None]:
    """Give a connection closed by a thread to the next thread that opens one.

    The live server uses one thread per page. A new connection would read the catalogue again: half the work
    of a page for the server.
    """
    prises = getattr(request.config, "workerinput", _base).get("prises")
    ouvrir, fermer = DatabaseWrapper.get_new_connection, DatabaseWrapper._close
    libres: dict[str, list[Any]] = {}

    def reprendre(self: DatabaseWrapper, parametres: dict[str, Any]) -> Any:
        siennes = libres.setdefault(repr(parametres), [])
        while siennes:
            reprise = siennes.pop()
            if est_muette(reprise):  # else the server has closed it
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
                # Not DISCARD ALL: the site expects its prepared statements to stay on the connection.
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
    """Keep the tests from writing in the data folders of the site."""
    dossier = tmp_path_factory.mktemp("donnees")
    (dossier / "static").mkdir()
    with override_settings(
        DOSSIER_DONNEES=dossier, MEDIA_ROOT=dossier / "fichiers", STATIC_ROOT=dossier / "static"
    ):
        yield dossier


@pytest.fixture(scope="session")
def courtier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Valkey for this test process, empty at the start."""
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
        """Warm shutdown: the tasks in progress are finished."""
        services.arreter(self.processus)

    def tuer(self) -> None:
        """Kill the worker and its child processes, as a power cut would."""
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
    """Factory: `lancer_worker(EMAIL_URL=…)` starts a worker and returns when it takes tasks.

    `seul`: one task at a time, in one process. The worker stops with the test, else it would take the tasks
    of the next one.
    """
    lances: list[Worker] = []

    def fabrique(
        *, seul: bool = False, app: str = "participation", files: str = "celery,codes", **reglages: str
    ) -> Worker:
        dossier = tmp_path_factory.mktemp("worker")
        journal = dossier / "worker.log"
        env = {
            **os.environ,
            "DATABASE_URL": _url_de_la_base(),
            "BROKER_URL": courtier,
            "DOSSIER_DONNEES": str(settings.DOSSIER_DONNEES),  # the workers of a test share it
            "CONN_MAX_AGE": "0",
            "SKIP_CHECKS": "1",  # beat is tested in test_run
            **reglages,
        }
        commande = (
            *services.MEURT_AVEC,
            *(sys.executable, "-m", "ops.celery", "-A", app, "worker", "--loglevel", "INFO", "-Q", files),
            *(("--pool", "solo") if seul else ("--concurrency", "2")),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        )
        worker = Worker(services.lancer(commande, journal, env), journal)
        lances.append(worker)
        fin = time.monotonic() + PATIENCE
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
    """Send the tasks called by the test to the real broker, whose queues are empty at the start."""
    import redis

    from participation.celery import app
    from participation.socle.travaux import differes as taches_differees

    # Reset the connection pools: an earlier test may have left them on a stopped broker.
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
    # The headless shell first: it costs a third less.
    noms = ("chromium-headless-shell", "chromium")
    chemin = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, noms)), None)
    if not chemin:
        pytest.exit("Chromium manque : apt-get install -y chromium (ou CHROMIUM=/chemin)", returncode=4)
    return {
        **browser_type_launch_args,
        "executable_path": chemin,
        # Chromium keeps the time of the machine: with the shifted time of ops/horloge.py no page would load.
        "env": {nom: valeur for nom, valeur in os.environ.items() if nom != "LD_PRELOAD"},
        "args": [
            *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            # Pages are short-lived: optimizing scripts or collecting memory is not worth its cost.
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
        "reduced_motion": "reduce",  # same as in tests/greffons/navigateur.py
    }


@pytest.fixture
def vrai_courrier(settings: Any) -> None:
    """Use the email backend of the site, which Django replaces in tests."""
    settings.EMAIL_BACKEND = "participation.socle.courriels.ecriture.BoiteEnvoi"


@pytest.fixture
def boite_du_site(settings: Any, live_server: Any, vrai_courrier: None) -> Iterator[Boite]:
    """SMTP server that receives the letters of the live server."""
    boite = Boite()
    settings.SITE_URL = live_server.url
    with serveur_smtp(boite) as port:
        transport = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
        settings.COURRIEL_TRANSPORT = {**settings.COURRIEL_TRANSPORT, **transport}
        yield boite
