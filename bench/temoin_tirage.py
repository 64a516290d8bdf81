"""The draw of the reference library, run by the Python of its own environment: folder of an instance and seats in, JSON out."""

import csv
import json
import sys
import time
from collections import Counter
from pathlib import Path


def main(dossier: str, places: int) -> None:
    from sortition_algorithms.committee_generation.maximin import find_distribution_maximin  # type: ignore[import-not-found]
    from sortition_algorithms.features import read_in_features  # type: ignore[import-not-found]
    from sortition_algorithms.people import read_in_people  # type: ignore[import-not-found]
    from sortition_algorithms.settings import Settings  # type: ignore[import-not-found]

    tetes, lignes = _lire(Path(dossier) / "categories.csv")
    features, *_ = read_in_features(tetes, lignes, places)
    tetes, lignes = _lire(Path(dossier) / "respondents.csv")
    settings = Settings(id_column="id", columns_to_keep=[])
    people, _ = read_in_people(tetes, lignes, features, settings)
    debut, calcul = time.perf_counter(), time.process_time()
    committees, probabilities, _ = find_distribution_maximin(features, people, places, [])
    mesure = {"secondes": time.perf_counter() - debut, "calcul": time.process_time() - calcul}
    chances: Counter[str] = Counter()
    for committee, part in zip(committees, probabilities, strict=True):
        for qui in committee:
            chances[qui] += part
    toutes = sorted(float(chances[ligne["id"]]) for ligne in lignes)
    json.dump({**mesure, "chances": toutes}, sys.stdout)


def _lire(chemin: Path) -> tuple[list[str], list[dict[str, str]]]:
    with chemin.open(newline="", encoding="utf-8") as fichier:
        lecteur = csv.DictReader(fichier)
        return list(lecteur.fieldnames or []), list(lecteur)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
