"""A wide stack for the tests: pytest calls them from so deep that Python would ask for memory at each call."""

from collections.abc import Callable
from typing import Any

LARGE = 1 << 16  # words: half of the block that Python then takes


def au_large(appel: Callable[..., Any]) -> Callable[..., Any]:
    """Run `appel` in one block of the stack of Python, however deep its calls go.

    Up to 3.13.12, Python keeps its stack in blocks of 16 kB, and gives the last one back to the system as soon as the
    call that needed it returns (python/cpython#142183). A loop at the edge of a block pays 17 µs a call: a million
    times in the walk of the access tests, a fifth of its work. A function that says it needs half a megabyte is given
    a whole one, where all that it calls fits; only what is written takes memory.
    """

    def dedans(*args: Any, **options: Any) -> Any:
        return appel(*args, **options)

    dedans.__code__ = dedans.__code__.replace(co_stacksize=LARGE)
    return dedans
