"""To whom a remontée goes: the first rule that fits, and why it does."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regle:
    """None or empty: any. A rule on a theme fits what is in it."""

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
    """What a rule looks at."""

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
    """The first that fits, in the order given."""
    return next((regle for regle in regles if convient(regle, cas)), None)
