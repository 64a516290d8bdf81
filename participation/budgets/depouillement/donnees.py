"""Input and output of a count. Amounts are whole euros on input, exact fractions on output."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

# One ballot: ((project number, points), …), by number; one point each when projects are only ticked. () is
# blank.
Choix = tuple[tuple[str, int], ...]


class Regle(StrEnum):
    GLOUTON = "glouton"
    PARTS_EGALES = "parts_egales"


class Utilite(StrEnum):
    """Utility of a supported project for a voter: one, or its cost."""

    NOMBRE = "nombre"
    COUT = "cout"


class Augmentation(StrEnum):
    """Add1: raise each share by one euro and count again, as long as the result is within the budget."""

    AUCUNE = "aucune"
    ADD1 = "add1"
    ADD1_EXHAUSTIF = "add1_exhaustif"


@dataclass(frozen=True)
class ProjetMis:
    """A project on the ballot. `cout` in whole euros, above zero."""

    numero: str
    cout: int
    nom: str = ""


@dataclass(frozen=True)
class Variante:
    """The complete rule: with it, the projects and the ballots, anybody finds the same winners."""

    budget: int
    graine: str
    regle: Regle = Regle.PARTS_EGALES
    utilite: Utilite = Utilite.COUT
    augmentation: Augmentation = Augmentation.ADD1_EXHAUSTIF
    completion: bool = True
    minimum: int = 1  # minimum number of ballots that support a project
    incompatibles: frozenset[frozenset[str]] = frozenset()

    def rang(self, numero: str) -> str:
        """Return the rank of a project in the draw that settles ties: the smallest comes first."""
        return hashlib.sha256(f"{self.graine}:{numero}".encode()).hexdigest()

    def contraires(self, numero: str) -> frozenset[str]:
        return frozenset(
            autre for paire in self.incompatibles if numero in paire for autre in paire - {numero}
        )


class Urne:
    """The ballots, with identical ones grouped. Their order of arrival is lost, and has no effect."""

    def __init__(
        self, bulletins: Iterable[Choix] | Mapping[Choix, int], projets: Iterable[ProjetMis]
    ) -> None:
        self.projets = {p.numero: p for p in projets}
        compte = Counter(bulletins)
        self.blancs = compte.pop((), 0)
        self.groupes = sorted(compte.items())
        self.exprimes = sum(compte.values())
        # {number: [(index of the group, points)]}
        self.soutiens: dict[str, list[tuple[int, int]]] = {numero: [] for numero in self.projets}
        self.voix: dict[str, int] = dict.fromkeys(self.projets, 0)
        self.points: dict[str, int] = dict.fromkeys(self.projets, 0)
        for place, (choix, combien) in enumerate(self.groupes):
            for numero, points in choix:
                self.soutiens[numero].append((place, points))
                self.voix[numero] += combien
                self.points[numero] += combien * points

    def admis(self, variante: Variante) -> list[str]:
        """Return the numbers of the projects that are counted: enough support, and a cost within the budget."""
        return [
            numero
            for numero, projet in self.projets.items()
            if self.voix[numero] >= max(variante.minimum, 1) and projet.cout <= variante.budget
        ]

    def dans_l_ordre(self, variante: Variante) -> list[str]:
        """Return the admitted projects, most points first; the draw settles ties."""
        return sorted(self.admis(variante), key=lambda n: (-self.points[n], variante.rang(n)))


@dataclass(frozen=True)
class Etape:
    """A project taken.

    `prix`: euros for one point, paid from the shares; None when the rest of the budget pays.
    """

    numero: str
    prix: Fraction | None = None
    a_egalite_avec: tuple[str, ...] = ()


@dataclass
class Resultat:
    """Projects in the order in which they were taken. `part`: euros of each voter; None without shares."""

    etapes: list[Etape] = field(default_factory=list)
    part_de_depart: Fraction | None = None
    part: Fraction | None = None
    depense: int = 0

    @property
    def gagnants(self) -> list[str]:
        return [etape.numero for etape in self.etapes]

    def en_json(self) -> dict[str, Any]:
        return {
            "etapes": [
                [e.numero, None if e.prix is None else str(e.prix), list(e.a_egalite_avec)]
                for e in self.etapes
            ],
            "part_de_depart": None if self.part_de_depart is None else str(self.part_de_depart),
            "part": None if self.part is None else str(self.part),
            "depense": self.depense,
        }

    @classmethod
    def lire(cls, donnees: Mapping[str, Any]) -> "Resultat":
        def fraction(texte: str | None) -> Fraction | None:
            return None if texte is None else Fraction(texte)

        return cls(
            etapes=[Etape(n, fraction(prix), tuple(egaux)) for n, prix, egaux in donnees["etapes"]],
            part_de_depart=fraction(donnees["part_de_depart"]),
            part=fraction(donnees["part"]),
            depense=donnees["depense"],
        )
