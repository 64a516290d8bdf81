"""Choice of the routing rule of a remontée."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regle:
    """Routing rule. None or empty: any value. A rule on a theme applies to all its categories."""

    cle: int
    nom: str
    categorie: int | None = None
    commune: str | None = None
    quartier: int | None = None
    canal: str = ""
    directions: tuple[int, ...] = ()
    referent: int | None = None
    delai_jours: int | None = None


@dataclass(frozen=True, slots=True)
class Cas:
    """Values that routing rules compare."""

    categorie: int | None = None
    theme: int | None = None
    commune: str | None = None
    quartier: int | None = None
    canal: str = ""


def convient(regle: Regle, cas: Cas) -> bool:
    return (
        regle.categorie in {None, cas.categorie, cas.theme}
        and regle.commune in {None, cas.commune}
        and regle.quartier in {None, cas.quartier}
        and regle.canal in {"", cas.canal}
    )


def premiere(regles: Iterable[Regle], cas: Cas) -> Regle | None:
    """Return the first rule that fits, in the order given; None without any."""
    return next((regle for regle in regles if convient(regle, cas)), None)
