"""Configuration of gunicorn, everywhere: `gunicorn --config python:participation.serveur`.

The site is loaded, and its first pages rendered, before the worker processes are forked, so that they share
its memory. A new version takes over without interruption: on SIGUSR2 a second gunicorn starts on the same
socket; when it is ready, it tells the first one to finish its requests and stop. If the second cannot start,
the first stays.
"""

import gc
import io
import multiprocessing
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gunicorn import glogging, systemd

from participation.socle.http.journaux import SansSecret


class Journal(glogging.Logger):  # type: ignore[misc]
    """Logs of gunicorn, masked like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for sortie in (*self.error_log.handlers, *self.access_log.handlers):
            sortie.setFormatter(SansSecret(sortie.formatter._fmt, sortie.formatter.datefmt))


wsgi_app = "participation.wsgi:application"
preload_app = True
worker_class = "gthread"
threads = 4  # requests mostly wait for the database
timeout = 30
graceful_timeout = 20
# More than the 60 s of nginx; otherwise a form may be sent on a connection that is closing.
keepalive = 75
# No max_requests: memory stays stable, and each restart of a worker would cut requests and delay others.
# In memory: a heartbeat file on a disk can block a worker.
if os.access("/dev/shm", os.W_OK):  # noqa: S108 (gunicorn draws the name, and removes it at once)
    worker_tmp_dir = "/dev/shm"  # noqa: S108
logger_class = "participation.serveur.Journal"
# Not used, and it needs a HOME to write in, which the confined service does not have.
control_socket_disable = True

_PRETS = multiprocessing.get_context("fork").Value("i", 0)  # shared by this master with its workers


def pre_exec(server: Any) -> None:
    """Put the sockets given by systemd back where the next gunicorn looks for them: gunicorn moved them."""
    for numero, prise in enumerate(server.LISTENERS):
        os.dup2(prise.fileno(), systemd.SD_LISTEN_FDS_START + numero)


def when_ready(server: Any) -> None:
    from django.db import connections

    from participation.socle.fichiers import partage

    if reproche := partage.marquer():
        server.log.critical(reproche)
        raise SystemExit(reproche)
    gc.disable()  # what the first pages load stays in memory too
    chauffer(server.app.wsgi())
    # What is loaded lives as long as the site. Frozen, it is not scanned again: each scan stopped every
    # thread for a tenth of a second.
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 10)  # more often again: `participation` had set high thresholds for the start
    gc.enable()
    connections.close_all()  # a connection belongs to one process


def post_worker_init(worker: Any) -> None:
    with _PRETS.get_lock():
        _PRETS.value += 1
        tous_prets = _PRETS.value == worker.cfg.workers
    ancien = int(os.environ.get("GUNICORN_PID", 0))
    if tous_prets and ancien and _parent(worker.ppid) == ancien:
        worker.log.info("Relève : le processus %s prend la suite de %s", worker.ppid, ancien)
        systemd.sd_notify(f"MAINPID={worker.ppid}", worker.log)
        os.kill(ancien, signal.SIGTERM)


def _parent(pid: int) -> int:
    """Return the parent of a process, or 0 when it has ended: its pid may belong to another program."""
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def chauffer(application: Any) -> None:
    """Request the pages of the public menu, so that routes, templates and connections are ready."""
    from django.conf import settings

    from participation.socle.vitrine import recueillir

    site = urlsplit(settings.SITE_URL)
    for chemin in ("/", *(entree.url for entree in recueillir("menu_public"))):
        recu: list[str] = []
        requete = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": chemin,
            "SERVER_NAME": site.hostname,
            "SERVER_PORT": str(site.port or 443),
            "HTTP_HOST": site.netloc,
            "HTTP_X_FORWARDED_PROTO": site.scheme,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": site.scheme,
        }
        reponse = application(requete, lambda statut, *_, recu=recu: recu.append(statut))
        b"".join(reponse)
        reponse.close()
        if recu[0].startswith("5"):
            return  # the site starts anyway, and will show what is broken
