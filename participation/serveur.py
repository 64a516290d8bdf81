"""How gunicorn serves the site, everywhere: `gunicorn --config python:participation.serveur`.

The site is loaded, and its first pages made, once, before the processes that serve it are born of it: they share its memory.
A new version takes over without a pause: on SIGUSR2 a second gunicorn starts beside the first, on the same socket; when it is ready,
the first is told to finish what it began. If it cannot start, the first stays.
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

from participation.socle.journaux import SansSecret


class Journal(glogging.Logger):  # type: ignore[misc]
    """What gunicorn writes, masked as everything else."""

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
# More than the 60 s of nginx: else a form may be sent on a connection that is closing.
keepalive = 75
# No max_requests: memory stays flat, and each replacement would cut whoever it serves and leave the others waiting.
# A heartbeat kept on disk can stall a worker.
if os.access("/dev/shm", os.W_OK):  # noqa: S108 (gunicorn draws the name, and removes it at once)
    worker_tmp_dir = "/dev/shm"  # noqa: S108
logger_class = "participation.serveur.Journal"
# Nobody asks anything by it, and it wants a HOME to write in, that a closed service has not.
control_socket_disable = True

_PRETS = multiprocessing.get_context("fork").Value("i", 0)  # of this master, shared with its workers


def pre_exec(server: Any) -> None:
    """The sockets that systemd gave are where it gives them: gunicorn had moved them, and looks there again."""
    for numero, prise in enumerate(server.LISTENERS):
        os.dup2(prise.fileno(), systemd.SD_LISTEN_FDS_START + numero)


def when_ready(server: Any) -> None:
    from django.db import connections

    gc.disable()  # what the first pages load stays too
    chauffer(server.app.wsgi())
    # What is loaded lives as long as the site: a collector that walked through it all would stop every thread for a tenth of a second.
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 10)  # little by little: `participation` had it wait, for the time of a start
    gc.enable()
    connections.close_all()  # a connection is of one process


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
    """0 when it is gone: a number may have been given to another program since."""
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def chauffer(application: Any) -> None:
    """Ask the pages of the public menu before any visitor: routes, templates and connections are then ready."""
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
            return  # the site starts all the same, to say what is broken
