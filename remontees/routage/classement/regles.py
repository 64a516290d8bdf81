"""Naive Bayes classifier: likely categories of a text, with the words that support each, and where they stand in it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from participation.socle.regles.mots import mots_de_racines, racines

# Number of texts that a description counts for.
POIDS_DESCRIPTION = 3


LISSAGE = 0.3


PROPOSEES = 3


MOTS_DITS = 4


@dataclass(frozen=True, slots=True)
class Proposition:
    """`mots`: words of the text that support the category, as written in it."""

    categorie: int
    mots: list[str]


@dataclass(slots=True)
class Modele:
    """`textes`: number of texts by category. `racines`: for each root, its count by category."""

    textes: Counter[int] = field(default_factory=Counter)
    racines: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    totaux: Counter[int] = field(default_factory=Counter)

    def lire(self, categorie: int, trouvees: Iterable[str], poids: int = 1) -> None:
        self.textes[categorie] += poids
        for trouvee in set(trouvees):
            self.racines[trouvee][categorie] += poids
            self.totaux[categorie] += poids

    def en_json(self, moins_de: int = 2) -> dict[str, Any]:
        """Return the model as JSON, without the roots met once: they are most of them and teach nothing."""
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


def modele_appris(descriptions: Mapping[int, str], exemples: Iterable[tuple[int, Sequence[str]]] = ()) -> Modele:
    """Train a model on the description of each category and on filed texts, given as roots."""
    modele = Modele()
    for categorie, description in descriptions.items():
        modele.lire(categorie, racines(description), POIDS_DESCRIPTION)
    for categorie, trouvees in exemples:
        if categorie in descriptions:
            modele.lire(categorie, trouvees)
    return modele


def classer(modele: Modele, trouvees: Sequence[str]) -> list[tuple[int, dict[str, float]]]:
    """Return the categories, most likely first, with what each root adds above the mean.

    Categories that no root supports are left out.
    """
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
    """Return the most likely categories of a text; empty when none of its words is known."""
    propositions = []
    for categorie, apports in classer(modele, racines(texte))[:combien]:
        fortes = sorted(apports, key=lambda r: -apports[r])[:MOTS_DITS]
        propositions.append(Proposition(categorie, mots_de_racines(texte, fortes, MOTS_DITS)))
    return propositions


@dataclass(slots=True)
class Justesse:
    """Accuracy, measured on texts that were not used for training."""

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
    """Measure the accuracy on unseen texts, and that of always proposing the most frequent category."""
    justesse = Justesse()
    frequente = max(modele.textes, key=lambda c: modele.textes[c]) if modele.textes else None
    for vraie, trouvees in gardes:
        justesse.noter(vraie, [c for c, _ in classer(modele, trouvees)[:PROPOSEES]], frequente)
    return justesse
