"""Caches: one minute in the process, and a shared cache (Redis) that may be lost.

When Redis does not answer, or refuses to write (no room, replica), there is neither an error page nor an open
door: each process counts attempts (sign-in, limits of allauth) in its own memory. Limits are then multiplied by
the number of processes, and nobody is locked out. What Redis kept while the clock was ahead is forgotten when it
goes back: it would be kept until that day.
"""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
REPOS = 5.0  # seconds
JEU = 60.0  # seconds by which clocks may differ
REGARD = 60.0  # seconds between two looks at the clock of the others, when ours does not jump
HEURE = "heure"  # (latest time written by a process, number of times that the clock went back)
journal = logging.getLogger(__name__)


def une_minute(cle: str, lire: Callable[[], T]) -> T:
    """Return the result of `lire`, cached for a minute in the process. None is never cached."""
    return garder("processus", cle, 60, lire)


def garder(ou: str, cle: str, secondes: float, lire: Callable[[], T]) -> T:
    """Return the result of `lire`, cached for so long in this memory of the process. None is never cached.

    Also by a clock that never jumps: what was kept while the clock was two days ahead would be kept for two days.
    """
    gardee: tuple[float, T] | None = caches[ou].get(cle)
    if gardee is not None and time.monotonic() < gardee[0]:
        return gardee[1]
    valeur = lire()
    if valeur is not None:
        caches[ou].set(cle, (time.monotonic() + secondes, valeur), secondes)
    return valeur


class Memoire(LocMemCache):
    """Memory of the process. It stores the values themselves, not pickled copies: never change a value read.

    Only `get` and `set` do so: `add` and `incr` of the parent class still pickle.
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
    """Redis, or the memory of the process (`secours` in the settings) while Redis does not do what it is asked."""

    jusqu_a: ClassVar[float] = 0.0  # time.monotonic() until which Redis is not asked
    # In each key, so that the keys written before the clock went back are read no more.
    generation: ClassVar[int] = 1
    ecart: ClassVar[float | None] = None  # between the clock and the one that never jumps, at the last look
    regarde_le: ClassVar[float] = 0.0  # time.monotonic() of the last look

    def make_key(self, key: Any, version: Any = None) -> str:
        return str(super().make_key(key, CacheOubliable.generation if version is None else version))

    def _suivre_l_heure(self) -> None:
        """Change of generation when the clock went back, here or in another process, even one that has ended."""
        heure, instant = time.time(), time.monotonic()
        ecart, avant = heure - instant, CacheOubliable.ecart
        a_saute = avant is None or abs(ecart - avant) > JEU
        if not a_saute and instant < CacheOubliable.regarde_le + REGARD:
            return
        if avant is not None and ecart < avant - JEU:
            caches["secours"].clear()  # its limits are in the memory of this process, by the same clock
        derniere, generation = super().get(HEURE, (0.0, CacheOubliable.generation), 0)
        if derniere > heure + JEU:
            generation += 1
            journal.warning("L’horloge a reculé : les limites et le cache partagé repartent de rien.")
        super().set(HEURE, (heure, generation), None, 0)
        CacheOubliable.ecart, CacheOubliable.regarde_le = ecart, instant
        CacheOubliable.generation = generation

    def _sinon(self, quoi: str, faire: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if time.monotonic() >= CacheOubliable.jusqu_a:
            try:
                self._suivre_l_heure()
                return faire(*args, **options)
            except RedisError as panne:
                CacheOubliable.jusqu_a = time.monotonic() + REPOS
                journal.warning("Cache hors d’usage : %s", panne)
        return getattr(caches["secours"], quoi)(*args, **options)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._sinon("get", super().get, key, default, version)

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        return dict(self._sinon("get_many", super().get_many, list(keys), version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        return bool(self._sinon("has_key", super().has_key, key, version))

    def add(self, key: Any, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._sinon("add", super().add, key, value, *args, **options))

    def set(self, key: Any, value: Any, *args: Any, **options: Any) -> None:
        self._sinon("set", super().set, key, value, *args, **options)

    def set_many(self, data: Any, *args: Any, **options: Any) -> list[Any]:
        return list(self._sinon("set_many", super().set_many, data, *args, **options))

    def touch(self, key: Any, *args: Any, **options: Any) -> bool:
        return bool(self._sinon("touch", super().touch, key, *args, **options))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(self._sinon("incr", super().incr, key, delta, version))

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._sinon("delete", super().delete, key, version))

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        self._sinon("delete_many", super().delete_many, list(keys), version)
