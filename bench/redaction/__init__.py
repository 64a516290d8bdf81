"""The writing help on texts rewritten by hand: share of its marks that are right, and of the defects that it sees.

`reecritures.txt`: sentences of an administration, each followed by its plain version. `jugements.csv`: every mark put on them, and whether
a reader finds it right (`oui`, `non`); and each defect that she saw where the help says nothing (`oubliée`). A mark that nobody judged
makes the measure fail: judge it, then write it there.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.tableaux import tableau, virgule
from participation.socle.regles.redaction import Genre, relire

ICI = Path(__file__).parent
MOTS_PAR_PHRASE = 25
Cle = tuple[int, str, str, str]  # number of the pair, version, kind, words marked


def textes() -> Iterator[tuple[int, str, str]]:
    """Yield (number of the pair, « avant » or « après », text)."""
    paires = (ICI / "reecritures.txt").read_text(encoding="utf-8").strip().split("\n\n")
    for numero, paire in enumerate(paires, 1):
        avant, apres = paire.split("\n> ")
        yield from ((numero, "avant", avant), (numero, "après", apres))


def marques() -> list[Cle]:
    return [
        (numero, version, marque.genre, _passage(texte, marque.debut, marque.fin, marque.genre))
        for numero, version, texte in textes()
        for marque in relire(texte, mots_par_phrase=MOTS_PAR_PHRASE)
    ]


def _passage(texte: str, debut: int, fin: int, genre: Genre) -> str:
    return texte[debut : min(fin, debut + 30) if genre is Genre.LONGUE else fin]


def jugements() -> dict[Cle, bool]:
    """Return each place that was judged, and whether it is a defect: one once missed is right when a rule comes to mark it."""
    with (ICI / "jugements.csv").open(encoding="utf-8", newline="") as ouvert:
        return {
            (int(ligne["numero"]), ligne["version"], ligne["genre"], ligne["passage"]): ligne["juste"]
            != "non"
            for ligne in csv.DictReader(ouvert, delimiter=";")
        }


def mesurer() -> None:
    juges, posees = jugements(), marques()
    inconnues = [marque for marque in posees if marque not in juges]
    if inconnues:
        raise SystemExit(f"Marques que personne n’a jugées : {inconnues}")
    par_genre, justes = Counter(m[2] for m in posees), Counter(m[2] for m in posees if juges[m])
    oubliees = Counter(m[2] for m in juges.keys() - set(posees) if juges[m])
    lignes = [_ligne(genre, n, justes[genre], oubliees[genre]) for genre, n in par_genre.most_common()]
    tableau(
        "Aide à la rédaction : marques posées sur les phrases réécrites",
        ["défaut", "marques", "justes", "part", "oubliées"],
        [*lignes, _ligne("ensemble", len(posees), justes.total(), oubliees.total())],
    )
    apres = sum(marque[1] == "après" for marque in posees)
    print(f"\nSur les versions simples : {apres} marque(s).")


def _ligne(nom: str, posees: int, justes: int, oubliees: int) -> list[str]:
    return [str(nom), str(posees), str(justes), f"{virgule(100 * justes / posees, 1)} %", str(oubliees)]
