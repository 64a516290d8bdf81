"""Statistical secrecy: small counts are not published, and cannot be deduced from others."""

from collections.abc import Mapping


def publiable(combien: int, plus_petit: int) -> int | None:
    """Return the count, or None when it is too small to be published. Zero is published."""
    return combien if combien == 0 or combien >= plus_petit else None


def publiables(nombres: Mapping[str, int], plus_petit: int) -> dict[str, int | None]:
    """Apply `publiable` to counts shown side by side.

    A single hidden count could be deduced from the total: the smallest other one is then hidden too.
    """
    caches = {cle for cle, n in nombres.items() if publiable(n, plus_petit) is None}
    if len(caches) == 1 and (montres := [(n, cle) for cle, n in nombres.items() if n and cle not in caches]):
        caches.add(min(montres)[1])
    return {cle: None if cle in caches else n for cle, n in nombres.items()}
