"""Base of `ops.run`: a single run for each data folder, and processes kept alive."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ops import services

RACINE = Path(__file__).resolve().parent.parent
DONNEES = Path(os.environ.get("DOSSIER_DONNEES") or RACINE / ".data").resolve()
JOURNAUX = DONNEES / "journaux"
BINAIRES = Path(sys.executable).parent
PORT_SITE = 8000
JOURNAL_MAX = 5_000_000  # bytes; beyond, the log is renamed at the next start
REPIT = 60.0  # seconds alive after which the count of crashes starts again
ATTENTE_MAX = 60.0  # maximum number of seconds before a restart
CHUTES_AVANT_OUVERTURE = 5  # crashes in a row of one process after which the start is given up
ATTENTE_SITE = 180.0  # seconds


class Impossible(Exception):
    """The run cannot continue. The message is in French, for the user."""


def dire(message: str = "") -> None:
    print(message, flush=True)


# --- one run at a time ------------------------------------------------------------------------


@dataclass
class Etat:
    """State of the run (.data/run.json), read by a second run and by the next one."""

    adresse: str = ""
    env: dict[str, str] = field(default_factory=dict)
    enfants: dict[str, str] = field(default_factory=dict)  # pid → start time

    chemin = DONNEES / "run.json"

    def ecrire(self) -> None:
        brouillon = self.chemin.with_suffix(".tmp")
        brouillon.touch(mode=0o600)  # it holds the password of the database
        brouillon.write_text(json.dumps(self.__dict__))
        brouillon.replace(self.chemin)

    @classmethod
    def lire(cls) -> "Etat":
        try:
            return cls(**json.loads(cls.chemin.read_text()))
        except (OSError, ValueError, TypeError):
            return cls()


def _naissance(pid: int | str) -> str:
    """Return the start time of a process, or an empty string if it has ended.

    It identifies a process: a pid may be reused by another program.
    """
    with contextlib.suppress(OSError, IndexError):
        champs = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return "" if champs[0] == "Z" else champs[19]
    return ""


def _attendre_les_anciens(etat: Etat) -> None:
    """Wait for the children of a killed run, which still hold our files; kill them after 15 seconds."""
    fin = time.monotonic() + 15

    def vivants() -> list[int]:
        return [int(pid) for pid, ne in etat.enfants.items() if ne and _naissance(pid) == ne]

    while vivants() and time.monotonic() < fin:
        time.sleep(0.1)
    for pid in vivants():
        os.kill(pid, signal.SIGKILL)


@contextlib.contextmanager
def seul() -> Iterator[bool]:
    """Yield whether this is the only run on the data folder. The lock is released when the process ends."""
    DONNEES.mkdir(parents=True, exist_ok=True)
    with (DONNEES / "run.lock").open("w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        _attendre_les_anciens(Etat.lire())
        Etat.chemin.unlink(missing_ok=True)
        try:
            yield True
        finally:
            Etat.chemin.unlink(missing_ok=True)


# --- services ---------------------------------------------------------------------------------


@dataclass
class Service:
    nom: str
    commande: tuple[str, ...]
    signal_arret: signal.Signals = signal.SIGTERM
    processus: subprocess.Popen[bytes] | None = None
    chutes: int = 0  # in a row
    lance_le: float = 0.0
    relance_le: float | None = None  # time of the next start (monotonic), if it is waiting

    @property
    def journal(self) -> Path:
        return JOURNAUX / f"{self.nom}.log"


class Superviseur:
    """Starts the services, restarts those that crash, stops them all."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.services: list[Service] = []
        self.etat = Etat(env=env)

    def lancer(self, service: Service) -> subprocess.Popen[bytes]:
        processus = services.lancer(service.commande, service.journal, self.env)
        service.processus = processus
        service.lance_le, service.relance_le = time.monotonic(), None
        if service not in self.services:
            self.services.append(service)
        self.etat.enfants[str(processus.pid)] = _naissance(processus.pid)
        self.etat.ecrire()
        return processus

    def veiller(self) -> None:
        """Restart the services that have stopped: at once, then after 1, 2, 4… seconds.

        The other services go on.
        """
        maintenant = time.monotonic()
        for service in self.services:
            if service.processus is None or service.processus.poll() is None:
                continue
            if service.relance_le is None:
                if maintenant - service.lance_le > REPIT:
                    service.chutes = 0
                attente = min(2.0 ** (service.chutes - 1), ATTENTE_MAX) if service.chutes else 0.0
                service.chutes += 1
                service.relance_le = maintenant + attente
                quand = f"dans {attente:.0f} s" if attente else "tout de suite"
                dire(
                    f"« {service.nom} » s'est arrêté ({service.processus.returncode}), on le relance {quand}."
                )
                if service.chutes == CHUTES_AVANT_OUVERTURE:
                    dire(f"Il s'arrête sans cesse ; le reste continue. Lisez {service.journal}")
            if maintenant >= service.relance_le:
                self.lancer(service)

    def verifier_ouverture(self) -> None:
        """Raise Impossible if a process crashes again and again before the site has answered once."""
        for service in self.services:
            if service.chutes >= CHUTES_AVANT_OUVERTURE:
                raise Impossible(
                    f"« {service.nom} » s'arrête sans cesse. Fin de {service.journal} :\n"
                    + fin_du_journal(service.journal)
                )

    def arreter(self) -> None:
        # First web, worker and beat together, then the servers that they use.
        appuis = {"postgres", "valkey", "relais"}
        ouvriers = [service for service in self.services if service.nom not in appuis]
        for service in ouvriers:
            if service.processus and service.processus.poll() is None:
                service.processus.send_signal(service.signal_arret)
        for service in [*ouvriers, *reversed(self.services)]:
            if service.processus:
                services.arreter(service.processus, service.signal_arret)


def fin_du_journal(journal: Path) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(journal.read_text(errors="replace").splitlines()[-15:])
    return ""


def tourner_les_journaux() -> None:
    JOURNAUX.mkdir(parents=True, exist_ok=True)
    for journal in JOURNAUX.glob("*.log"):
        if journal.stat().st_size > JOURNAL_MAX:
            journal.replace(journal.with_suffix(".log.1"))
