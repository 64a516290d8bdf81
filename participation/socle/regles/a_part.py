"""Bytes from outside read in a process of their own: whatever they are, it ends, and takes no more than it is given.

The modules run so (`classeur`, `pdf_actif`) import nothing of the project, limit their own memory, and say by their
exit code what they found.
"""

import subprocess
import sys
from types import ModuleType

TROP_LONG = -1  # in place of an exit code; a process that a limit killed has another negative one


def lancer(module: ModuleType, octets: bytes, *arguments: str, secondes: float) -> tuple[int, bytes]:
    """Return the exit code of a module of this folder that is given these bytes, and what it wrote.

    After so many `secondes` it is killed, and the code is TROP_LONG.
    """
    try:
        # The file is not executed: its bytes go through a pipe to a fixed command.
        lu = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(module.__file__), *arguments],
            input=octets,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=secondes,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TROP_LONG, b""
    return lu.returncode, lu.stdout
