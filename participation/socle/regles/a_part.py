"""Bytes from outside read in a process of their own: whatever they are, it ends, and takes no more than it is given.

The modules run so (`classeur`, `pdf_actif`) import nothing of the project, limit their own memory, and say by their
exit code what they found.
"""

import subprocess
import sys
from types import ModuleType
from typing import IO

TROP_LONG = -1  # in place of an exit code; a process that a limit killed has another negative one


def lancer(
    module: ModuleType, octets: bytes, *arguments: str, secondes: float, sortie: IO[bytes] | None = None
) -> int:
    """Return the exit code of a module of this folder that is given these bytes. `sortie`: the file it writes to.

    After so many `secondes` it is killed, and the code is TROP_LONG.
    """
    try:
        # The file is not executed: its bytes go through a pipe to a fixed command.
        lu = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(module.__file__), *arguments],
            input=octets,
            stdout=subprocess.DEVNULL if sortie is None else sortie,
            stderr=subprocess.DEVNULL,
            timeout=secondes,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TROP_LONG
    return lu.returncode
