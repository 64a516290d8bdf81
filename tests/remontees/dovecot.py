"""Temporary IMAP server for the tests: dovecot of Debian, in its own folder, on a free port."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from ops import services
from tests.greffons.services import PATIENCE

UTILISATEUR, MOT_DE_PASSE = "participation", "Essai-2026"
REGLAGES = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {d}/run
state_dir = {d}/etat
log_path = {d}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_allow_cleartext = yes
auth_mechanisms = plain
default_internal_user = {systeme}
default_internal_group = {groupe}
default_login_user = {systeme}
mail_driver = maildir
mail_path = {d}/lettres/%{{user}}
mail_uid = {lettres}
mail_gid = {groupe_lettres}
first_valid_uid = 1
passdb static {{
  password = {mot_de_passe}
}}
userdb static {{
  fields {{
    uid = {lettres}
    gid = {groupe_lettres}
    home = {d}/lettres/%{{user}}
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Serveur:
    port: int
    dossier: Path
    processus: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"imap://{UTILISATEUR}:{MOT_DE_PASSE}@127.0.0.1:{self.port}/INBOX"

    @contextlib.contextmanager
    def connexion(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE) as imap:
            imap.login(UTILISATEUR, MOT_DE_PASSE)
            yield imap

    def poster(self, *messages: bytes | EmailMessage) -> None:
        with self.connexion() as imap:
            for message in messages:
                octets = message if isinstance(message, bytes) else message.as_bytes()
                imap.append("INBOX", "", imaplib.Time2Internaldate(time.time()), octets)

    def vider(self) -> None:
        with self.connexion() as imap:
            if not int(imap.select("INBOX")[1][0] or 0):
                return
            imap.store("1:*", "+FLAGS", "\\Deleted")
            imap.expunge()

    def combien(self) -> int:
        with self.connexion() as imap:
            return int(imap.select("INBOX", readonly=True)[1][0] or 0)

    def tuer(self) -> None:
        """Kill all the processes at once, in the middle of their work."""
        os.killpg(self.processus.pid, signal.SIGKILL)
        self.processus.wait()


def _libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def lancer(dossier: Path | None = None, port: int = 0) -> Serveur:
    programme = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin")
    assert programme, "Il manque dovecot : sh ops/apt.sh essais"
    if dossier is None:
        dossier = Path(tempfile.mkdtemp(prefix="dovecot-"))
        dossier.chmod(0o755)
        (dossier / "lettres").mkdir()
        if os.getuid() == 0:
            shutil.chown(dossier / "lettres", "dovenull", "dovenull")
    moi, miens = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    est_root = os.getuid() == 0
    port = port or _libre()
    reglages = dossier / "dovecot.conf"
    reglages.write_text(
        REGLAGES.format(
            d=dossier,
            port=port,
            mot_de_passe=MOT_DE_PASSE,
            systeme="dovecot" if est_root else moi,
            groupe="dovecot" if est_root else miens,
            lettres="dovenull" if est_root else moi,
            groupe_lettres="dovenull" if est_root else miens,
        ),
        encoding="utf-8",
    )
    processus = services.lancer(
        [programme, "-F", "-c", str(reglages)],
        dossier / "erreurs.log",
        # With the shifted time of ops/horloge, its processes would disagree on the time and stop answering.
        {nom: valeur for nom, valeur in os.environ.items() if nom != "LD_PRELOAD"},
    )
    serveur = Serveur(port, dossier, processus)
    fin = time.monotonic() + PATIENCE
    while True:
        try:
            with serveur.connexion():
                return serveur
        except (OSError, imaplib.IMAP4.error):
            journaux = [dossier / "erreurs.log", dossier / "dovecot.log"]
            dit = "\n".join(j.read_text("utf-8", "replace") for j in journaux if j.exists())
            assert processus.poll() is None, dit
            assert time.monotonic() < fin, dit
            time.sleep(0.1)


def arreter(serveur: Serveur) -> None:
    with contextlib.suppress(ProcessLookupError):
        serveur.tuer()
    shutil.rmtree(serveur.dossier, ignore_errors=True)
