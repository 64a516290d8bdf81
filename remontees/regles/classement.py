"""A naive Bayes of ours: which category a text is likely of, with the words that say so.

It counts, for each category, the texts that agents put there and the roots that they hold. The one line that describes a category
counts as some texts of it, so that it works before anything was sorted.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from participation.socle.regles.mots import mots_de_racines, racines

# A description weighs as this many texts that would hold its words once.
POIDS_DESCRIPTION = 3
LISSAGE = 0.3
PROPOSEES = 3
MOTS_DITS = 4


@dataclass(frozen=True, slots=True)
class Proposition:
    """`mots`: those of the text that made it, as they are written there."""

    categorie: int
    mots: list[str]


@dataclass(slots=True)
class Modele:
    """`textes`: how many of each category. `racines`: for each root, how many times in each category."""

    textes: Counter[int] = field(default_factory=Counter)
    racines: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    totaux: Counter[int] = field(default_factory=Counter)

    def lire(self, categorie: int, trouvees: Iterable[str], poids: int = 1) -> None:
        self.textes[categorie] += poids
        for trouvee in set(trouvees):
            self.racines[trouvee][categorie] += poids
            self.totaux[categorie] += poids

    def en_json(self, moins_de: int = 2) -> dict[str, Any]:
        """Roots met once teach nothing and are most of them."""
        gardees = {r: dict(c) for r, c in self.racines.items() if sum(c.values()) >= moins_de}
        return {"textes": dict(self.textes), "racines": gardees}

    @classmethod
    def de_json(cls, valeurs: Mapping[str, Any]) -> Self:
        modele = cls()
        modele.textes.update({int(c): n for c, n in valeurs.get("textes", {}).items()})
        for trouvee, compte in valeurs.get("racines", {}).items():
            for categorie, nombre in compte.items():
                modele.racines[trouvee][int(categorie)] += nombre
                modele.totaux[int(categorie)] += nombre
        return modele


def apprendre(descriptions: Mapping[int, str], exemples: Iterable[tuple[int, Sequence[str]]] = ()) -> Modele:
    """From the line of each category, and from texts already sorted, given as roots."""
    modele = Modele()
    for categorie, description in descriptions.items():
        modele.lire(categorie, racines(description), POIDS_DESCRIPTION)
    for categorie, trouvees in exemples:
        if categorie in descriptions:
            modele.lire(categorie, trouvees)
    return modele


def classer(modele: Modele, trouvees: Sequence[str]) -> list[tuple[int, dict[str, float]]]:
    """The categories, likeliest first, with what each root adds to them against the mean. Only those that a root speaks for."""
    connues = [r for r in dict.fromkeys(trouvees) if r in modele.racines]
    if not connues or not modele.textes:
        return []
    taille, ensemble = len(modele.racines), sum(modele.textes.values())
    notes: dict[int, float] = {}
    apports: dict[int, dict[str, float]] = {}
    parts = {}
    for trouvee in connues:
        compte = modele.racines[trouvee]
        parts[trouvee] = {
            categorie: math.log(
                (compte.get(categorie, 0) + LISSAGE) / (modele.totaux[categorie] + LISSAGE * taille)
            )
            for categorie in modele.textes
        }
    moyennes = {r: sum(p.values()) / len(p) for r, p in parts.items()}
    for categorie, nombre in modele.textes.items():
        notes[categorie] = math.log((nombre + 1) / (ensemble + len(modele.textes)))
        notes[categorie] += sum(parts[r][categorie] for r in connues)
        apports[categorie] = {
            r: parts[r][categorie] - moyennes[r]
            for r in connues
            if modele.racines[r].get(categorie) and parts[r][categorie] > moyennes[r]
        }
    ordre = sorted(notes, key=lambda c: (-notes[c], c))
    return [(c, apports[c]) for c in ordre if apports[c]]


def proposer(modele: Modele, texte: str, combien: int = PROPOSEES) -> list[Proposition]:
    """The likeliest categories of a text; empty when none of its words is known."""
    propositions = []
    for categorie, apports in classer(modele, racines(texte))[:combien]:
        fortes = sorted(apports, key=lambda r: -apports[r])[:MOTS_DITS]
        propositions.append(Proposition(categorie, mots_de_racines(texte, fortes, MOTS_DITS)))
    return propositions


@dataclass(slots=True)
class Justesse:
    """Measured on texts that were kept out of what was learnt."""

    mesures: int = 0
    premiere: int = 0
    parmi_trois: int = 0
    frequente: int = 0
    par_categorie: dict[int, list[int]] = field(default_factory=dict)

    def noter(self, vraie: int, proposees: Sequence[int], la_plus_frequente: int | None) -> None:
        ligne = self.par_categorie.setdefault(vraie, [0, 0, 0])
        bonne, dedans = proposees[:1] == [vraie], vraie in proposees[:PROPOSEES]
        self.mesures += 1
        self.premiere += bonne
        self.parmi_trois += dedans
        self.frequente += vraie == la_plus_frequente
        ligne[0] += 1
        ligne[1] += bonne
        ligne[2] += dedans


def mesurer(modele: Modele, gardes: Iterable[tuple[int, Sequence[str]]]) -> Justesse:
    """How often it is right on texts it has not read, beside who would always say the commonest category."""
    justesse = Justesse()
    frequente = max(modele.textes, key=lambda c: modele.textes[c]) if modele.textes else None
    for vraie, trouvees in gardes:
        justesse.noter(vraie, [c for c, _ in classer(modele, trouvees)[:PROPOSEES]], frequente)
    return justesse
