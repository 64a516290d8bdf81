"""One machine of the exercise: a folder, its PostgreSQL, Valkey and site; the copies that it makes; how it is destroyed.

The commands of production run as they are (units of deploy/, deploy/restaurer.sh): what they call of a Debian machine
(systemctl, runuser, participation-manage) is played by three small scripts, and their folders are given by environment.
"""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ops import services

RACINE = Path(__file__).resolve().parent.parent.parent
DEPLOY = RACINE / "deploy"
UNITES = DEPLOY / "systemd"
# Where the files of a machine of production are, and what plays them here.
OUTILS = {
    "runuser": 'qui=$2; shift 3\n[ "$qui" = postgres ] && exec {comme} "$@"\nexec "$@"',
    "participation-manage": 'cd "{racine}" && exec "{python}" manage.py "$@"',
    "systemctl": """case "$*" in
  "is-active --quiet postgresql") ;;
  is-active*) exit 3 ;;
  "start postgresql") touch "{dossier}/a-demarrer"; while [ -e "{dossier}/a-demarrer" ]; do sleep 0.1; done ;;
esac""",
}


def reglages_de_l_archive() -> tuple[str, ...]:
    """Settings of PostgreSQL, from deploy/."""
    lus = re.findall(r"^(\w+) = (.+)$", (DEPLOY / "sauvegarde/postgresql.conf").read_text(), re.M)
    return tuple(f"{nom}={valeur.strip(chr(39))}" for nom, valeur in lus)


def commandes(unite: str) -> list[list[str]]:
    """Commands of a unit of deploy/, in their order."""
    texte = (UNITES / unite).read_text().replace("\\\n", " ")
    return [shlex.split(ligne) for ligne in re.findall(r"^ExecStart(?:Pre|Post)?=(.+)$", texte, re.M)]


class Machine:
    """`copies`: the folder that stands for the other machine, where nothing burns. `coffre`: what is kept in a safe."""

    def __init__(self, dossier: Path, copies: Path, coffre: dict[str, str]) -> None:
        self.dossier, self.donnees = dossier, dossier / "donnees"
        self.donnees.mkdir(parents=True)
        self.journal = dossier / "journal.log"
        secret = dossier / "postgres" / "pg.secret"
        if mot := coffre.get("pg.secret"):
            secret.parent.mkdir()
            secret.touch(mode=0o600)
            secret.write_text(mot)
        # "." is the data folder: where PostgreSQL may write, whoever it runs as.
        self.postgres = services.preparer_postgres(
            dossier / "postgres",
            (*reglages_de_l_archive(), "unix_socket_directories=.", "track_commit_timestamp=on"),
        )
        coffre["pg.secret"] = secret.read_text()
        commande = self.postgres.commande
        self.comme, self.grappe = commande[: commande.index("-D") - 1], commande[commande.index("-D") + 1]
        self.copies, self.coffre = copies, coffre
        for ecrit in (copies / "base", dossier / "verrous"):
            ecrit.mkdir(parents=True, exist_ok=True)
            if f"--reuid={services.NOBODY}" in self.comme:
                os.chown(ecrit, services.NOBODY, services.NOBODY)
        self.port = services.port_libre()
        self.processus: list[subprocess.Popen[bytes]] = []
        self._poser_les_outils(Path(commande[commande.index("-D") - 1]).parent)

    def _poser_les_outils(self, binaires: Path) -> None:
        outils = self.dossier / "outils"
        outils.mkdir()
        for nom, corps in OUTILS.items():
            script = outils / nom
            dit = {"{comme}": shlex.join(self.comme), "{racine}": str(RACINE), "{python}": sys.executable}
            for quoi, par in {**dit, "{dossier}": str(self.dossier)}.items():
                corps = corps.replace(quoi, par)
            script.write_text(f"#!/bin/sh\n{corps}\n")
            script.chmod(0o755)
        (self.dossier / "sauvegarde.env").write_text("")
        self.chemins = f"{outils}:{binaires}:{os.environ['PATH']}"

    @property
    def env(self) -> dict[str, str]:
        port = self.postgres.url.rsplit(":", 1)[1].split("/")[0]
        return {
            **os.environ,
            **{cle: mot for cle, mot in self.coffre.items() if cle.isupper()},
            "PATH": self.chemins,
            "DATABASE_URL": self.postgres.url,
            "DOSSIER_DONNEES": str(self.donnees),
            "PORT": str(self.port),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "ENVIRONNEMENT": "developpement",
            "TRUSTED_PROXIES": "127.0.0.1",  # each client has its own address
            "SAUVEGARDE_ENV": str(self.dossier / "sauvegarde.env"),
            "PGHOST": "127.0.0.1",
            "PGPORT": port,
            "PGUSER": "participation",
            "PGPASSWORD": self.coffre["pg.secret"],
            "PGBACKREST_CONFIG": str(DEPLOY / "sauvegarde/pgbackrest.conf"),
            "PGBACKREST_REPO1_TYPE": "posix",
            "PGBACKREST_REPO1_PATH": str(self.copies / "base"),
            "PGBACKREST_LOCK_PATH": str(self.dossier / "verrous"),
            "PGBACKREST_SPOOL_PATH": str(self.dossier / "verrous"),
            "PGBACKREST_PG1_PATH": self.grappe,
            "PGBACKREST_PG1_SOCKET_PATH": self.grappe,
            "PGBACKREST_PG1_PORT": port,
            "PGBACKREST_PG1_USER": "participation",
            "RESTIC_REPOSITORY": str(self.copies / "fichiers"),
            "RESTIC_CACHE_DIR": str(self.dossier / "restic"),
        }

    # --- what runs ---

    def lancer(self, *mots: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        processus = services.lancer(mots, self.journal, {**self.env, **(env or {})}, cwd=RACINE)
        self.processus.append(processus)
        return processus

    def ouvrir_la_base(self) -> None:
        processus = self.lancer(*self.postgres.commande)
        services.attendre_postgres(self.postgres.url, processus, self.journal)

    def ouvrir_le_site(self, relais: int, *, demonstration: bool) -> None:
        """Web, worker and beat, as `make run` starts them, with their Valkey."""
        valkey = services.preparer_valkey(self.dossier / "valkey")
        services.attendre_valkey(valkey.url, self.lancer(*valkey.commande), self.journal)
        self.courtier = valkey.url
        self.lancer(
            *(*services.MEURT_AVEC, sys.executable, "-m", "ops.run"),
            env={
                "BROKER_URL": valkey.url,
                "EMAIL_URL": f"smtp://127.0.0.1:{relais}",
                "DEMONSTRATION": "oui" if demonstration else "non",
            },
        )

    # --- what is copied ---

    def faire(self, commande: list[str], *, comme_postgres: bool = False) -> None:
        """Run one command of the guide or of a unit, as its account."""
        mots = [*self.comme, *commande] if comme_postgres else commande
        with self.journal.open("ab") as sortie:
            subprocess.run(mots, env=self.env, cwd=self.donnees, check=True, stdout=sortie, stderr=sortie)

    def ouvrir_les_copies(self) -> None:
        self.faire(["pgbackrest", "--stanza=participation", "stanza-create"], comme_postgres=True)
        self.faire(["restic", "init", "--quiet"])

    def copier_la_base(self) -> None:
        for commande in commandes("participation-base.service"):
            self.faire(commande, comme_postgres=True)

    def copier_les_fichiers(self) -> None:
        for commande in commandes("participation-fichiers.service"):
            self.faire(commande)

    @contextlib.contextmanager
    def copies_de_chaque_minute(self, periode: float) -> Iterator[None]:
        """What the timer of the files does, from a moment of its own."""
        fini = threading.Event()

        def copier() -> None:
            while not fini.wait(periode):
                with contextlib.suppress(subprocess.CalledProcessError):  # the machine burns meanwhile
                    self.copier_les_fichiers()

        self.copier_les_fichiers()
        fil = threading.Thread(target=copier, daemon=True)
        fil.start()
        try:
            yield
        finally:
            fini.set()
            fil.join(60)

    # --- what is destroyed, and comes back ---

    def tuer(self) -> datetime:
        """Kill everything that runs, the database first, with no warning. Return the instant before."""
        tous = [p.pid for p in self.processus] + _descendants([p.pid for p in self.processus])
        instant = datetime.now().astimezone()
        for pid in tous:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for processus in self.processus:
            processus.wait()
        self.processus.clear()
        return instant

    def detruire(self) -> None:
        shutil.rmtree(self.dossier)

    def restaurer(self) -> str:
        """Run deploy/restaurer.sh. Return what it said; raises CalledProcessError."""
        demande = self.dossier / "a-demarrer"
        commande = ["sh", str(DEPLOY / "restaurer.sh")]
        with (
            (self.dossier / "restauration.log").open("w+") as sortie,
            subprocess.Popen(commande, env=self.env, cwd=RACINE, stdout=sortie, stderr=sortie) as script,
        ):
            while script.poll() is None:
                if demande.exists():
                    self.lancer(*self.postgres.commande)
                    demande.unlink()
                time.sleep(0.1)
            sortie.seek(0)
            dit = sortie.read()
        if script.returncode:
            raise subprocess.CalledProcessError(script.returncode, "deploy/restaurer.sh", dit)
        return dit

    def arreter(self) -> None:
        for processus in reversed(self.processus):
            services.arreter(processus, signal.SIGINT, delai=30)


def _descendants(racines: list[int]) -> list[int]:
    enfants: dict[int, list[int]] = {}
    for chemin in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(chemin.read_text().rpartition(")")[2].split()[1])
            enfants.setdefault(parent, []).append(int(chemin.parent.name))
    trouves, a_voir = [], list(racines)
    while a_voir:
        nouveaux = enfants.get(a_voir.pop(), [])
        trouves += nouveaux
        a_voir += nouveaux
    return trouves
