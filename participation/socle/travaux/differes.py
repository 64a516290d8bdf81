"""Work given to the workers: the name of a task and a few numbers, once the transaction is committed.

The broker never holds the only copy of anything: each task has a sweep that finds what a lost broker dropped.
"""

import logging
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

journal = logging.getLogger(__name__)


# Redis serves 0 first, in each queue. ATTENDU: somebody waits in front of a screen.
ATTENDU, TOUT_DE_SUITE, EN_NOMBRE = 0, 3, 6


REPOS = 10.0  # seconds without another attempt after a failure: no request waits for a broker that is down


_panne = {"jusqu_a": 0.0}


def confier(tache: str, *arguments: Any, priorite: int = TOUT_DE_SUITE, file: str = "") -> None:
    """Give `tache` to a worker after the commit.

    If the broker is down, or refuses to write, nobody waits: the sweep does the work later. `file`: the queue of
    sign-in codes has workers of its own, and takes nothing that can be long or numerous.
    """
    file = file or settings.FILE_ORDINAIRE
    transaction.on_commit(partial(_confier, tache, arguments, priorite, file), robust=True)


def confier_chacun(tache: str, numeros: Iterable[Any]) -> None:
    """Give the rows that nobody finishes back to the workers, one task each: one that fails stops no other."""
    for numero in numeros:
        confier(tache, numero, priorite=EN_NOMBRE)


def _confier(tache: str, arguments: tuple[Any, ...], priorite: int, file: str) -> None:
    if time.monotonic() < _panne["jusqu_a"]:
        return
    try:
        current_app.send_task(tache, args=arguments, priority=priorite, queue=file)
    except Exception as erreur:
        # Whatever the transport raises: the act is done, and the person must get the answer.
        _panne["jusqu_a"] = time.monotonic() + REPOS
        journal.warning("Courtier injoignable, %s attendra le prochain balayage : %s", tache, erreur)
