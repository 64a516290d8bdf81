"""What is kept to be read again: a minute in this process, or in the shared cache, which may be lost.

A Redis that does not answer is never an error page, nor a door left open: what it counts (tries to sign in, allauth's limits) is
counted meanwhile by each process, for itself. Limits are then as many times wider as there are processes, and nobody is locked out.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as ConnexionPerdue
from redis.exceptions import TimeoutError as Delai

T = TypeVar("T")
REPOS = 5.0  # seconds
journal = logging.getLogger(__name__)


def une_minute(cle: str, lire: Callable[[], T]) -> T:
    """What `lire` gives, kept a minute in the process: a change is seen within that minute. None is never kept."""
    processus = caches["processus"]
    valeur: T | None = processus.get(cle)
    if valeur is None:
        valeur = lire()
        if valeur is not None:
            processus.set(cle, valeur, 60)
    return valeur


class Memoire(LocMemCache):
    """The memory of this process, values as they are and not their pickled copies: who reads one never changes it.

    For `get` and `set` alone: `add` and `incr` of its parent still pickle.
    """

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        cle = self.make_and_validate_key(key, version=version)
        with self._lock:  # type: ignore[attr-defined]
            return default if self._has_expired(cle) else self._cache[cle]  # type: ignore[attr-defined]

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        cle = self.make_and_validate_key(key, version=version)
        with self._lock:  # type: ignore[attr-defined]
            self._set(cle, value, timeout)  # type: ignore[attr-defined]


class CacheOubliable(RedisCache):
    """Redis, or the memory of this process (`secours` in the settings) while it is silent."""

    jusqu_a: ClassVar[float] = 0.0  # time.monotonic(): until then, known to be silent and not asked

    def _sinon(self, quoi: str, faire: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if time.monotonic() >= CacheOubliable.jusqu_a:
            try:
                return faire(*args, **options)
            except (ConnexionPerdue, Delai) as panne:
                CacheOubliable.jusqu_a = time.monotonic() + REPOS
                journal.warning("Cache injoignable : %s", panne)
        return getattr(caches["secours"], quoi)(*args, **options)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._sinon("get", super().get, key, default, version)

    def add(self, key: Any, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._sinon("add", super().add, key, value, *args, **options))

    def set(self, key: Any, value: Any, *args: Any, **options: Any) -> None:
        self._sinon("set", super().set, key, value, *args, **options)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(self._sinon("incr", super().incr, key, delta, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._sinon("delete", super().delete, key, version))
