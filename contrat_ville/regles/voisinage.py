"""Which projets are neighbours, how much, and why: what they share, in words that both teams read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from participation.socle.francais import enumerer, pluriel

# Of a shared quartier, public, method, theme, axe. The axe alone, or a theme alone, makes no neighbours: too many share it.
POIDS = {"quartier": 4, "public": 3, "méthode": 3, "thème": 1, "axe": 1}
SEUIL = 3


@dataclass(frozen=True, slots=True)
class Profil:
    """A projet as its neighbours are looked for: for each kind of thing, what it has, by its key, in words. `porteur`: who bears it."""

    numero: int
    porteur: int | None
    traits: Mapping[str, Mapping[object, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raison:
    """« même quartier : Mistral »."""

    quoi: str
    mots: tuple[str, ...]

    @property
    def poids(self) -> int:
        """The second thing that is shared adds one, and so on: two quartiers are no two neighbours."""
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
    """What they share, the strongest kind first; the same whichever is named first."""
    trouvees = []
    for quoi in POIDS:
        les_uns, les_autres = un.traits.get(quoi, {}), autre.traits.get(quoi, {})
        if communs := sorted(les_uns[cle] for cle in les_uns.keys() & les_autres.keys()):
            trouvees.append(Raison(quoi, tuple(communs)))
    return tuple(trouvees)


def voisins(profil: Profil, autres: Iterable[Profil], *, au_plus: int) -> list[Voisinage]:
    """The nearest first, those of the same holder left out; at equal strength, the oldest number first."""
    proches = [
        Voisinage(autre.numero, raisons(profil, autre))
        for autre in autres
        if autre.numero != profil.numero and (autre.porteur is None or autre.porteur != profil.porteur)
    ]
    retenus = [v for v in proches if v.force >= SEUIL]
    return sorted(retenus, key=lambda v: (-v.force, v.numero))[:au_plus]
