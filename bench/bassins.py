"""Pools of candidates that nobody shares: seven categories make nearly everybody unique. Seeded, no database."""

import random
from collections import Counter
from collections.abc import Mapping

from participation.tirage.regles import Bassin, Fourchette

# The share of the population, and how many candidates come for each of it: volunteers do not resemble it.
CATEGORIES: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "genre": {"F": (0.52, 1.1), "H": (0.48, 0.9)},
    "âge": {
        "16-24": (0.17, 0.5),
        "25-34": (0.16, 0.7),
        "35-49": (0.24, 1.0),
        "50-64": (0.22, 1.3),
        "65+": (0.21, 1.4),
    },
    "secteur": {f"secteur {n}": (part, 1.0 + 0.1 * (n % 3)) for n, part in enumerate((0.18, 0.16, 0.15, 0.14, 0.12, 0.1, 0.09, 0.06), 1)},
    "métier": {
        "cadre": (0.2, 1.9),
        "intermédiaire": (0.17, 1.2),
        "employé": (0.15, 0.7),
        "ouvrier": (0.1, 0.35),
        "retraité": (0.22, 1.2),
        "sans": (0.16, 0.6),
    },
    "diplôme": {"aucun": (0.22, 0.35), "cap": (0.22, 0.6), "bac": (0.18, 0.9), "supérieur": (0.38, 1.7)},
    "quartier prioritaire": {"oui": (0.12, 0.5), "non": (0.88, 1.1)},
    "logement": {"propriétaire": (0.48, 1.2), "locataire": (0.34, 0.9), "social": (0.18, 0.6)},
}  # fmt: skip
JEU = 0.15  # of each quota, one seat at least, above and below the population's share


def bassin_de(candidats: int, places: int, graine: int = 2026) -> Bassin:
    hasard = random.Random(graine)
    tires = [
        hasard.choices(list(valeurs), [part * viennent for part, viennent in valeurs.values()], k=candidats)
        for valeurs in CATEGORIES.values()
    ]
    quotas = []
    for categorie, valeurs in CATEGORIES.items():
        for valeur, (part, _) in valeurs.items():
            jeu = max(1.0, JEU * places * part)
            quotas.append(
                Fourchette(categorie, valeur, int(places * part - jeu), int(places * part + jeu + 0.999))
            )
    return Bassin.compte(places, quotas, Counter(zip(*tires, strict=True)))
