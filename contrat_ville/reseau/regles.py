"""Which projets are neighbours, how strongly and why: what they share, in words that both teams read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from participation.socle.francais import enumerer, pluriel

# Weight of a shared quartier, public, method, theme or axe. One theme or axe is not enough: too many projets
# share it.
POIDS = {"quartier": 4, "public": 3, "méthode": 3, "thème": 1, "axe": 1}
SEUIL = 3


@dataclass(frozen=True, slots=True)
class Profil:
    """What a projet has, to find its neighbours.

    `traits`: {kind: {key: words}}; `porteur`: its number, or None.
    """

    numero: int
    porteur: int | None
    traits: Mapping[str, Mapping[object, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raison:
    """Something shared by two projets: « même quartier : Mistral »."""

    quoi: str
    mots: tuple[str, ...]

    @property
    def poids(self) -> int:
        """Weight of the kind, plus one for each further thing shared: two quartiers do not count double."""
        return POIDS[self.quoi] + len(self.mots) - 1

    @property
    def phrase(self) -> str:
        s = pluriel(self.mots)
        return f"même{s} {self.quoi}{s} : {enumerer(self.mots)}"


@dataclass(frozen=True, slots=True)
class Voisinage:
    numero: int
    raisons: tuple[Raison, ...]

    @property
    def force(self) -> int:
        return sum(raison.poids for raison in self.raisons)

    @property
    def phrase(self) -> str:
        return " ; ".join(raison.phrase for raison in self.raisons)


def raisons(un: Profil, autre: Profil) -> tuple[Raison, ...]:
    """Return what two projets share, the strongest kind first. Symmetric."""
    trouvees = []
    for quoi in POIDS:
        les_uns, les_autres = un.traits.get(quoi, {}), autre.traits.get(quoi, {})
        if communs := sorted(les_uns[cle] for cle in les_uns.keys() & les_autres.keys()):
            trouvees.append(Raison(quoi, tuple(communs)))
    return tuple(trouvees)


def voisins(profil: Profil, autres: Iterable[Profil], *, au_plus: int) -> list[Voisinage]:
    """Return the nearest projets, except those of the same porteur.

    The strongest first; at equal strength, the lowest number first.
    """
    proches = [
        Voisinage(autre.numero, raisons(profil, autre))
        for autre in autres
        if autre.numero != profil.numero and (autre.porteur is None or autre.porteur != profil.porteur)
    ]
    retenus = [v for v in proches if v.force >= SEUIL]
    return sorted(retenus, key=lambda v: (-v.force, v.numero))[:au_plus]
