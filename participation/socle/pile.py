"""Memory for the call stack of a thread, allocated once.

CPython (3.11 to 3.14) stores the frames of a thread in chunks of 16 KB, and returns a chunk to the system as
soon as the call that needed it ends. A page crosses such a boundary hundreds of times; each time, memory is
mapped, cleared and unmapped, which also stops the other threads: a few hundredths of the time of a page, a
twentieth of that of the tests. A first call that asks for more than a chunk gets one that is large enough for
all the calls below it.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Slots of 8 bytes, never used themselves. CPython allocates twice as many; only the memory used is really
# taken.
PLACES = 1 << 15


def au_large(faire: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return `faire(*args, **kwargs)`, called with 256 KB of stack for all the calls below it."""
    return faire(*args, **kwargs)


au_large.__code__ = au_large.__code__.replace(co_stacksize=PLACES)
