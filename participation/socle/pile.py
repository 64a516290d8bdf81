"""Room for the calls of a thread, taken once.

CPython (3.11 to 3.14) lays the frames of a thread in chunks of 16 KB, and gives one back to the system as soon as the call that asked for it
returns. A page goes up and down across such an edge hundreds of times, and each time memory is mapped, cleared and unmapped, which also stops
the other threads: some hundredths of the time of a page, a twentieth of that of the tests. A first call that asks for more than a chunk gets one that holds all the calls under it.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
# Of 8 bytes, never used themselves: CPython takes twice that, of which only what serves is really there.
PLACES = 1 << 15


def au_large(faire: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`faire(*args, **kwargs)`, with room for all that it calls: 256 KB."""
    return faire(*args, **kwargs)


au_large.__code__ = au_large.__code__.replace(co_stacksize=PLACES)
