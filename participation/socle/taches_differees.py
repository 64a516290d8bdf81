"""What is handed to the workers: the name of a task and a few numbers, once the transaction is committed.

The broker never holds the only copy of anything: each task has a sweep that finds again what a dead broker lost.
"""

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

journal = logging.getLogger(__name__)

# Redis: 0 is served first. ATTENDU: somebody looks at her screen until it is done.
ATTENDU, TOUT_DE_SUITE, EN_NOMBRE = 0, 3, 6
REPOS = 10.0  # seconds without a try after a failure: no request waits for a broker known to be dead

_panne = {"jusqu_a": 0.0}


def confier(tache: str, *arguments: Any, priorite: int = TOUT_DE_SUITE) -> None:
    """Hand `tache` to a worker after commit. A dead broker holds nobody: the sweep does the work later."""
    transaction.on_commit(partial(_confier, tache, arguments, priorite), robust=True)


def _confier(tache: str, arguments: tuple[Any, ...], priorite: int) -> None:
    if time.monotonic() < _panne["jusqu_a"]:
        return
    try:
        current_app.send_task(tache, args=arguments, priority=priorite)
    except Exception as erreur:
        # Whatever the transport raises: the act is done and must be answered.
        _panne["jusqu_a"] = time.monotonic() + REPOS
        journal.warning("Courtier injoignable, %s attendra le prochain balayage : %s", tache, erreur)
