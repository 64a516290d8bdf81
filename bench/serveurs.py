"""Servers to measure: a temporary PostgreSQL with default durability (fsync on), and gunicorn as in `make run`."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ops import services

RACINE = Path(__file__).resolve().parent.parent
PROCESSUS, FILS = 2, 4
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Banc:
    """The database of the bench, and the environment of its processes."""

    url: str
    dossier: Path
    postgres: int

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "BROKER_URL": "",
            # Production refuses plain HTTP and requires a mail server. The rest of the settings is the same.
            "ENVIRONNEMENT": "developpement",
            "DEBUG": "false",
            "SITE_URL": "http://127.0.0.1",
            "TRUSTED_PROXIES": "127.0.0.1",  # each client has its own address, sent in X-Forwarded-For
            "DOSSIER_DONNEES": str(self.dossier / "donnees"),
            "LOG_LEVEL": "INFO",
            "CONN_MAX_AGE": "60",
        }


@contextlib.contextmanager
def banc(garde: Path | None = None) -> Iterator[Banc]:
    """Run the database until the end of the context; it is then deleted, unless it is in the folder `garde`."""
    dossier = garde or Path(tempfile.mkdtemp(prefix="bench-"))
    serveur = services.preparer_postgres(dossier)
    processus = services.lancer(serveur.commande, dossier / "postgres.log")
    try:
        services.attendre_postgres(serveur.url, processus, dossier / "postgres.log")
        lance = Banc(serveur.url, dossier, processus.pid)
        for commande in ("migrate", "charger_referentiel"):
            subprocess.run(
                [sys.executable, "manage.py", commande, "-v0"], env=lance.env, cwd=RACINE, check=True
            )
        yield lance
    finally:
        services.arreter(processus, signal.SIGINT)
        if garde is None:
            shutil.rmtree(dossier, ignore_errors=True)


@contextlib.contextmanager
def gunicorn(lance: Banc, application: str, attente: str) -> Iterator[tuple[int, int]]:
    """Run a server until the end of the context. Yields (port, pid of the master) once it answers at `attente`."""
    port = services.port_libre()
    commande = (
        *services.MEURT_AVEC,
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", str(PROCESSUS), "--threads", str(FILS)),
        *("--keep-alive", "75", "--access-logfile", "-", "--chdir", str(RACINE)),
        *(("--worker-tmp-dir", "/dev/shm") if os.access("/dev/shm", os.W_OK) else ()),
        # The site masks secrets in its logs; the reference has none.
        *(("--logger-class", "participation.serveur.Journal") if application.startswith("part") else ()),
    )
    processus = services.lancer(commande, lance.dossier / "gunicorn.log", lance.env)
    try:
        fin = time.monotonic() + services.ATTENTE
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{attente}", timeout=5).read()
                break
            except OSError:
                if time.monotonic() > fin or processus.poll() is not None:
                    raise
                time.sleep(0.1)
        yield port, processus.pid
    finally:
        services.arreter(processus)


def charge_machine() -> str:
    """Load of the machine (/proc/loadavg), other programs included."""
    return f"charge de la machine (1 min) : {os.getloadavg()[0]:.1f}"


def temps_processeur(racine: int) -> float:
    """CPU seconds (user and system) of a process and its children, including the ended ones."""
    enfants: dict[int, list[int]] = {}
    cumul: dict[int, float] = {}
    for chemin in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            champs = chemin.read_text().rpartition(")")[2].split()
            pid = int(chemin.parent.name)
            enfants.setdefault(int(champs[1]), []).append(pid)
            # Its own time, and that of the children it has waited for.
            cumul[pid] = sum(int(champ) for champ in champs[11:15]) / TICKS
    total, a_voir = 0.0, [racine]
    while a_voir:
        pid = a_voir.pop()
        total += cumul.get(pid, 0.0)
        a_voir += enfants.get(pid, [])
    return total
