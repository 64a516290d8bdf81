"""Writes the ballots and the result as a `.pb` file (Pabulib), so that anybody can count again.

The exact variant, which Pabulib cannot express, is in the comment of the file, read by our stand-alone
script.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from participation.budgets.depouillement.donnees import Choix, Regle, Resultat, Urne, Variante
from participation.socle.regles.tableaux import neutraliser


@dataclass(frozen=True)
class Entete:
    """Header of the file.

    `nombre_max`: projects on a ballot; `points`: total to give, 0 when projects are only ticked.
    """

    description: str
    lieu: str
    edition: str
    date_debut: date
    date_fin: date
    nombre_max: int
    points: int = 0
    quartiers: Mapping[str, str] | None = None


def ecrire_pb(urne: Urne, variante: Variante, resultat: Resultat, entete: Entete) -> str:
    """Return the file.

    Blank ballots are only in the comment: the format has none. `selected` marks the winners.
    """
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";", lineterminator="\n")
    ecrivain.writerows([["META"], ["key", "value"], *_meta(urne, variante, entete)])
    ecrivain.writerows([["PROJECTS"], *_projets(urne, variante, resultat, entete)])
    ecrivain.writerow(["VOTES"])
    ecrivain.writerow(["voter_id", "vote", "points"] if entete.points else ["voter_id", "vote"])
    electeur = 0
    for choix, combien in urne.groupes:
        for _ in range(combien):
            electeur += 1
            ecrivain.writerow([electeur, *_bulletin(choix, bool(entete.points))])
    return sortie.getvalue()


def _net(texte: str) -> str:
    """Put a text on one line, without what breaks simple readers or runs in a spreadsheet."""
    return neutraliser(" ".join(texte.replace(";", ",").replace('"', "’").split()))


def _meta(urne: Urne, variante: Variante, entete: Entete) -> list[list[object]]:
    nom, seuil = nom_pabulib(variante, bool(entete.points))
    lignes: list[list[object]] = [
        ["description", _net(entete.description)],
        ["country", "France"],
        ["unit", _net(entete.lieu)],
        ["instance", _net(entete.edition)],
        ["num_projects", len(urne.projets)],
        ["num_votes", urne.exprimes],
        ["budget", variante.budget],
        ["vote_type", "cumulative" if entete.points else "approval"],
        ["rule", nom],
        ["date_begin", f"{entete.date_debut:%d.%m.%Y}"],
        ["date_end", f"{entete.date_fin:%d.%m.%Y}"],
        ["min_length", 1],
        ["max_length", min(entete.nombre_max, len(urne.projets))],
    ]
    if entete.points:
        lignes += [["min_points", 1], ["max_points", entete.points], ["max_sum_points", entete.points]]
    if seuil:
        lignes.append(["min_project_score_threshold", seuil])
    lignes += [["language", "fr"], ["currency", "EUR"]]
    if sum(p.cout for p in urne.projets.values()) <= variante.budget:
        lignes.append(["fully_funded", 1])
    return [*lignes, ["comment", f"#1: {reglage(variante, urne.blancs)}"]]


def nom_pabulib(variante: Variante, par_points: bool) -> tuple[str, int]:
    """Return (name of this exact rule in Pabulib, its threshold); « unknown » when Pabulib has none."""
    if variante.regle != Regle.GLOUTON or variante.incompatibles or (par_points and variante.minimum > 1):
        return "unknown", 0
    return "greedy-threshold", max(variante.minimum, 1)


def reglage(variante: Variante, blancs: int) -> str:
    """Return the variant on one line, as the stand-alone script reads it."""
    paires = ",".join(sorted("+".join(sorted(paire)) for paire in variante.incompatibles)) or "aucun"
    return (
        f"regle={variante.regle} utilite={variante.utilite} augmentation={variante.augmentation} "
        f"completion={'oui' if variante.completion else 'non'} minimum={variante.minimum} "
        f"incompatibles={paires} graine={variante.graine} blancs={blancs}"
    )


def _projets(urne: Urne, variante: Variante, resultat: Resultat, entete: Entete) -> list[list[object]]:
    pris = set(resultat.gagnants)
    score = ["score"] if entete.points else []
    ou = ["neighborhood"] if entete.quartiers else []
    lignes: list[list[object]] = [["project_id", "cost", "votes", *score, "name", "selected", *ou]]
    for numero in sorted(urne.projets, key=lambda n: (-urne.points[n], variante.rang(n))):
        projet = urne.projets[numero]
        ligne: list[object] = [numero, projet.cout, urne.voix[numero]]
        ligne += [urne.points[numero]] if score else []
        ligne += [_net(projet.nom), int(numero in pris)]
        lignes.append(ligne + ([_net(entete.quartiers.get(numero, ""))] if entete.quartiers else []))
    return lignes


def _bulletin(choix: Choix, par_points: bool) -> list[str]:
    tries = sorted(choix, key=lambda c: (-c[1], c[0]))
    numeros = ",".join(numero for numero, _ in tries)
    return [numeros, ",".join(str(points) for _, points in tries)] if par_points else [numeros]
