"""The site loads while its database is prepared, and opens when it is ready: one core would wait for the other.

Both are locks on a file, which the system releases when their holder dies. Without FEU_VERT in the environment, or
once the database is ready, nobody waits.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

FEU_VERT = "FEU_VERT"  # in the environment: the file locked while the database is prepared


@contextlib.contextmanager
def feu_rouge(fichier: Path) -> Iterator[None]:
    with fichier.open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def attendre_le_feu_vert() -> None:
    if fichier := os.environ.get(FEU_VERT):
        with Path(fichier).open() as verrou:
            fcntl.flock(verrou, fcntl.LOCK_SH)


def charger_puis_attendre(charger: Callable[[], object]) -> None:
    """Load one after the other, since each compiles what the next one reads; then wait for the database."""
    if not (fichier := os.environ.get(FEU_VERT)):
        return
    with feu_rouge(Path(f"{fichier}.file")):
        charger()
    attendre_le_feu_vert()
