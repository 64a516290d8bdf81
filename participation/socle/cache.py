"""What is kept to be read again: a minute in this process, or in the shared cache, which may be lost.

A Redis that does not answer is a cache that holds nothing, never an error page.
What it counts (tries to sign in, allauth's limits) is then not counted. The three tries of a code stay counted in the session, and
the back office keeps its second factor.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as ConnexionPerdue
from redis.exceptions import TimeoutError as Delai

T = TypeVar("T")
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


class CacheOubliable(RedisCache):
    def _sinon(self, valeur: Any, faire: Callable[..., Any], *args: Any, **options: Any) -> Any:
        try:
            return faire(*args, **options)
        except (ConnexionPerdue, Delai) as panne:
            journal.warning("Cache injoignable : %s", panne)
            return valeur

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._sinon(default, super().get, key, default, version)

    def add(self, key: Any, value: Any, *args: Any, **options: Any) -> bool:
        return bool(self._sinon(True, super().add, key, value, *args, **options))

    def set(self, key: Any, value: Any, *args: Any, **options: Any) -> None:
        self._sinon(None, super().set, key, value, *args, **options)

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._sinon(False, super().delete, key, version))
