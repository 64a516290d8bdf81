"""The shared cache, which may be lost: a Redis that does not answer is a cache that holds nothing, never an error page.

What it counts (tries to sign in, allauth's limits) is then not counted. The three tries of a code stay counted in the session, and
the back office keeps its second factor.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as ConnexionPerdue
from redis.exceptions import TimeoutError as Delai

journal = logging.getLogger(__name__)


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
