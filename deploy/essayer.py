"""Tries the units of deploy/ with a systemd of their own: sandbox, real commands, a new version taken without a pause, files copied.

    sudo .venv/bin/python -m deploy.essayer

For a machine of development or of continuous integration, root, with systemd installed (running or not): everything happens in
namespaces and in a temporary folder, on the embedded PostgreSQL and Valkey of `make run`.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from deploy.mesurer_releve import mesurer
from ops import services

RACINE = Path(__file__).resolve().parent.parent
HOTE = "participation.example.org"
SERVICES = ("participation-web", "participation-worker", "participation-codes", "participation-beat")
COPIES = ("participation-fichiers", "participation-menage")
COMPTE = 64999  # an account of the namespace only

# What the machine of production has, and this one only in the eyes of this systemd.
DEMARRER = """
set -e
mount --make-rprivate /
mount -t tmpfs none /run && mkdir -p /run/systemd/system /run/lock
umount -R -l /sys/fs/cgroup 2>/dev/null || true
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "$1/srv"
mount -t tmpfs none /srv && mkdir /srv/participation && mount --bind "$2" /srv/participation
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/group" /etc/group
mount -t tmpfs none /var/log
mount -t tmpfs none /var/lib && mkdir /var/lib/participation && mount --bind "$1/donnees" /var/lib/participation
cp -r /etc "$1/etc" && mount --bind "$1/etc" /etc
cp "$1/participation.env" /etc/participation.env
cp "$1/participation-sauvegarde.env" /etc/participation-sauvegarde.env
mount -t tmpfs none /var/cache && mkdir -p /var/cache/participation-fichiers
[ ! -d "$1/depot" ] || cp -a "$1/depot" /var/cache/participation-fichiers/
rm -rf /etc/systemd/system && mkdir /etc/systemd/system
cp "$2"/deploy/systemd/* /etc/systemd/system/
export container=docker
exec /lib/systemd/systemd --system --unit=sysinit.target --log-target=journal
"""


@contextmanager
def serveurs(dossier: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as pile:
        postgres = services.preparer_postgres(dossier / "postgres")
        processus = services.lancer(postgres.commande, dossier / "postgres.log")
        pile.callback(services.arreter, processus, postgres.signal_arret)
        services.attendre_postgres(postgres.url, processus, dossier / "postgres.log")
        valkey = services.preparer_valkey(dossier / "valkey")
        processus = services.lancer(valkey.commande, dossier / "valkey.log")
        pile.callback(services.arreter, processus, valkey.signal_arret)
        services.attendre_valkey(valkey.url, processus, dossier / "valkey.log")
        yield {
            "ENVIRONNEMENT": "production",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOTE,
            "SITE_URL": f"https://{HOTE}",
            "DATABASE_URL": postgres.url,
            "BROKER_URL": valkey.url,
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "DOSSIER_DONNEES": "/var/lib/participation",
            "TRUSTED_PROXIES": "127.0.0.1",
        }


def ouvrir_les_copies(dossier: Path) -> Path:
    """The other machine is a folder where the sandbox may write. Return it, before it is put there."""
    depot = dossier / "depot"
    depot.mkdir()
    la = {
        "RESTIC_REPOSITORY": "/var/cache/participation-fichiers/depot",
        "RESTIC_PASSWORD": secrets.token_urlsafe(20),
    }
    (dossier / "participation-sauvegarde.env").write_text(
        "".join(f"{nom}={mot}\n" for nom, mot in la.items())
    )
    if shutil.which("restic"):
        subprocess.run(
            ["restic", "init", "--quiet"],
            env={**os.environ, **la, "RESTIC_REPOSITORY": str(depot)},
            check=True,
        )
    return depot


def preparer(dossier: Path, env: dict[str, str]) -> None:
    donnees = dossier / "donnees"
    donnees.mkdir()
    la = {**os.environ, **env, "DOSSIER_DONNEES": str(donnees)}
    for mots in (("migrate", "-v0"), ("charger_referentiel",), ("collectstatic", "--noinput", "-v0")):
        subprocess.run(
            [sys.executable, "manage.py", *mots], cwd=RACINE, env=la, check=True, stdout=subprocess.DEVNULL
        )
    depot = ouvrir_les_copies(dossier)
    for chemin in (donnees, *donnees.rglob("*"), depot, *depot.rglob("*")):
        os.chown(chemin, COMPTE, COMPTE)
    (dossier / "participation.env").write_text("".join(f"{nom}={valeur}\n" for nom, valeur in env.items()))
    for table, fin in (("passwd", ":/nonexistent:/usr/sbin/nologin"), ("group", "")):
        texte = Path(f"/etc/{table}").read_text()
        identite = (
            f"participation:x:{COMPTE}:{COMPTE}:" if table == "passwd" else f"participation:x:{COMPTE}:"
        )
        (dossier / table).write_text(f"{texte}{identite}{fin}\n")


@contextmanager
def systemd(dossier: Path) -> Iterator[list[str]]:
    """Yield the words that begin a command run beside this systemd."""
    # The script comes as an argument: what is left of standard input would be its terminal.
    espace = ["unshare", "--pid", "--fork", "--mount", "--mount-proc", "--kill-child"]
    parent = subprocess.Popen(
        [*espace, "sh", "-c", DEMARRER, "sh", str(dossier), str(RACINE)],
        stdin=subprocess.DEVNULL,
        stdout=(dossier / "systemd.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        fin = time.monotonic() + 60
        while True:
            enfants = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
            if enfants:
                dans = ["nsenter", "--target", enfants[0], "--mount", "--pid"]
                etat = subprocess.run(
                    [*dans, "systemctl", "is-system-running"], capture_output=True, text=True, check=False
                ).stdout.strip()
                if etat in {"running", "degraded"}:
                    break
            if parent.poll() is not None or time.monotonic() > fin:
                sys.exit(f"systemd ne démarre pas :\n{(dossier / 'systemd.log').read_text()[-2000:]}")
            time.sleep(0.2)
        yield dans
        subprocess.run([*dans, "systemctl", "stop", *SERVICES], check=False)
    finally:
        with ExitStack() as pile:
            pile.callback(parent.wait)
            os.kill(int(enfants[0]), signal.SIGKILL)  # pid 1 there: the kernel ends the others


def copier_les_fichiers(dans: list[str]) -> bool:
    """Start the units of the copies of files. One that fails says why in the journal."""
    if not shutil.which("restic"):
        print("restic manque : la copie des fichiers n’est pas essayée.")
        return True
    reussies = [
        subprocess.run([*dans, "systemctl", "start", unite], check=False).returncode == 0
        for unite in ("participation-fichiers", "participation-fichiers", "participation-menage")
    ]
    print(f"Copie des fichiers, deux fois, puis ménage : {reussies}")
    return all(reussies)


def montrer(dans: list[str], nom: str, quoi: str) -> str:
    lu = subprocess.run(
        [*dans, "systemctl", "show", nom, "-p", quoi], capture_output=True, text=True, check=True
    )
    return ", ".join(lu.stdout.split())


def main() -> int:
    if os.geteuid() != 0 or not shutil.which("unshare") or not Path("/lib/systemd/systemd").exists():
        sys.exit("Il faut être administrateur, avec systemd et util-linux.")
    dossier = Path(tempfile.mkdtemp(prefix="essai-unites-"))
    dossier.chmod(0o755)
    with serveurs(dossier) as env:
        preparer(dossier, env)
        with systemd(dossier) as dans:
            subprocess.run([*dans, "systemctl", "start", "participation-web.socket", *SERVICES], check=True)
            premier = montrer(dans, "participation-web", "MainPID")
            tenu = mesurer(
                "http://127.0.0.1:8001/",
                HOTE,
                [*dans, "systemctl", "reload", "participation-web"],
                clients=16,
                avant=20,
                apres=20,
                est_faite=lambda: montrer(dans, "participation-web", "MainPID") != premier,
            )
            tenu &= montrer(dans, "participation-web", "MainPID") != premier
            for nom in SERVICES:
                etat = montrer(dans, nom, "ActiveState,NRestarts")
                print(f"{nom} : {etat}")
                tenu &= etat == "ActiveState=active, NRestarts=0" or etat == "NRestarts=0, ActiveState=active"
            tenu &= copier_les_fichiers(dans)
            journal = subprocess.run(
                [
                    *dans,
                    "journalctl",
                    "--no-pager",
                    "-o",
                    "cat",
                    *(f"-u{nom}" for nom in (*SERVICES, *COPIES)),
                ],
                capture_output=True,
                text=True,
                check=False,
            ).stdout
            print(
                *(ligne for ligne in journal.splitlines() if "Relève" in ligne or "ERROR" in ligne), sep="\n"
            )
            (dossier / "journal.txt").write_text(journal)
    print(f"Journaux : {dossier}")
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
