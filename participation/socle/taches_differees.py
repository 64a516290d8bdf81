"""Work given to the workers: the name of a task and a few numbers, once the transaction is committed.

The broker never holds the only copy of anything: each task has a sweep that finds what a lost broker dropped.
"""

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

journal = logging.getLogger(__name__)

# Redis serves 0 first. ATTENDU: somebody waits in front of a screen.
ATTENDU, TOUT_DE_SUITE, EN_NOMBRE = 0, 3, 6
REPOS = 10.0  # seconds without another attempt after a failure: no request waits for a broker that is down

_panne = {"jusqu_a": 0.0}


def confier(tache: str, *arguments: Any, priorite: int = TOUT_DE_SUITE) -> None:
    """Give `tache` to a worker after the commit.

    If the broker is down, nobody waits: the sweep does the work later.
    """
    transaction.on_commit(partial(_confier, tache, arguments, priorite), robust=True)


def _confier(tache: str, arguments: tuple[Any, ...], priorite: int) -> None:
    if time.monotonic() < _panne["jusqu_a"]:
        return
    try:
        current_app.send_task(tache, args=arguments, priority=priorite)
    except Exception as erreur:
        # Whatever the transport raises: the act is done, and the person must get the answer.
        _panne["jusqu_a"] = time.monotonic() + REPOS
        journal.warning("Courtier injoignable, %s attendra le prochain balayage : %s", tache, erreur)
