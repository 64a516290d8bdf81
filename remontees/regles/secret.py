"""What may be published of a small number: nothing that leads to one person, nor that lets it be guessed."""

from collections.abc import Mapping


def publiable(combien: int, plus_petit: int) -> int | None:
    """None for a number too small to be published; nobody is nobody."""
    return combien if combien == 0 or combien >= plus_petit else None


def publiables(nombres: Mapping[str, int], plus_petit: int) -> dict[str, int | None]:
    """As `publiable`, for numbers read side by side: one alone hidden would be the total less the others, so a second is."""
    caches = {cle for cle, n in nombres.items() if publiable(n, plus_petit) is None}
    if len(caches) == 1 and (montres := [(n, cle) for cle, n in nombres.items() if n and cle not in caches]):
        caches.add(min(montres)[1])
    return {cle: None if cle in caches else n for cle, n in nombres.items()}
