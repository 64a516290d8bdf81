"""What a count reads and gives. Amounts are whole euros going in, exact fractions coming out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

# One ballot: (number of the project, points), by number; one point each where projects are only ticked. () is blank.
Choix = tuple[tuple[str, int], ...]


class Regle(StrEnum):
    GLOUTON = "glouton"
    PARTS_EGALES = "parts_egales"


class Utilite(StrEnum):
    """What a voter gains from a project she supports: one, or its cost."""

    NOMBRE = "nombre"
    COUT = "cout"


class Augmentation(StrEnum):
    """Add1: each share is raised by one euro and all is counted again, as long as the budget holds."""

    AUCUNE = "aucune"
    ADD1 = "add1"
    ADD1_EXHAUSTIF = "add1_exhaustif"


@dataclass(frozen=True)
class ProjetMis:
    """A project of the ballot. `cout`: whole euros, above zero."""

    numero: str
    cout: int
    nom: str = ""


@dataclass(frozen=True)
class Variante:
    """The rule, to the letter. Whoever has it, the projects and the ballots finds the same winners."""

    budget: int
    graine: str
    regle: Regle = Regle.PARTS_EGALES
    utilite: Utilite = Utilite.COUT
    augmentation: Augmentation = Augmentation.ADD1_EXHAUSTIF
    completion: bool = True
    minimum: int = 1  # ballots that support a project, at least
    incompatibles: frozenset[frozenset[str]] = frozenset()

    def rang(self, numero: str) -> str:
        """The place of a project in the draw that settles ties: the smallest comes first."""
        return hashlib.sha256(f"{self.graine}:{numero}".encode()).hexdigest()

    def contraires(self, numero: str) -> frozenset[str]:
        return frozenset(
            autre for paire in self.incompatibles if numero in paire for autre in paire - {numero}
        )


class Urne:
    """Ballots, identical ones put together. The order in which they came is lost, and changes nothing."""

    def __init__(
        self, bulletins: Iterable[Choix] | Mapping[Choix, int], projets: Iterable[ProjetMis]
    ) -> None:
        self.projets = {p.numero: p for p in projets}
        compte = Counter(bulletins)
        self.blancs = compte.pop((), 0)
        self.groupes = sorted(compte.items())
        self.exprimes = sum(compte.values())
        # {number: [(place of the group, points)]}
        self.soutiens: dict[str, list[tuple[int, int]]] = {numero: [] for numero in self.projets}
        self.voix: dict[str, int] = dict.fromkeys(self.projets, 0)
        self.points: dict[str, int] = dict.fromkeys(self.projets, 0)
        for place, (choix, combien) in enumerate(self.groupes):
            for numero, points in choix:
                self.soutiens[numero].append((place, points))
                self.voix[numero] += combien
                self.points[numero] += combien * points

    def admis(self, variante: Variante) -> list[str]:
        """Numbers of the projects that are counted: supported enough, and within the budget."""
        return [
            numero
            for numero, projet in self.projets.items()
            if self.voix[numero] >= max(variante.minimum, 1) and projet.cout <= variante.budget
        ]

    def dans_l_ordre(self, variante: Variante) -> list[str]:
        """Most points first; the draw settles ties."""
        return sorted(self.admis(variante), key=lambda n: (-self.points[n], variante.rang(n)))


@dataclass(frozen=True)
class Etape:
    """One project taken. `prix`: euros for one unit of utility, for who paid by shares; None when the rest of the budget pays."""

    numero: str
    prix: Fraction | None = None
    a_egalite_avec: tuple[str, ...] = ()


@dataclass
class Resultat:
    """Projects taken, in the order in which they were. `part`: what each voter had to spend; None without shares."""

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
