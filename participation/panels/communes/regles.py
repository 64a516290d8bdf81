"""The draw of each commune on a list that never travels: fixed texts and SHA-256. No database, no clock.

`donnees/commune.py`, which a commune runs alone, writes the same texts and shares no line with this file: what the
commune gives is a count of lines and the root of a tree of salted commitments, then the lines drawn with their paths.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from participation.socle.regles.textes import lire_json
from participation.tirage.regles import empreinte

HEXA = re.compile(r"[0-9a-f]{64}")
LIGNES_MAX = 1_000_000
Tire = tuple[int, str, list[str]]  # rank, commitment, what leads from it to the root


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """What a commune is bound to before the seed. `code`: Insee."""

    code: str
    lettres: int
    lignes: int
    racine: str


def liste_des_parts(parts: Iterable[Part]) -> str:
    """Return the parts as they are published, by code: the seed is bound to them."""
    lignes = (f"{p.code};{p.lettres};{p.lignes};{p.racine}\n" for p in sorted(parts))
    return "code;lettres;lignes;racine\n" + "".join(lignes)


def graine_des_communes(parts: Iterable[Part], source: str) -> str:
    """Return the seed: nobody could know it when the parts were deposited, and it fits no others."""
    return empreinte(f"graine-communes-v1|{empreinte(liste_des_parts(parts))}|{source}")


def rangs_tires(graine: str, part: Part) -> list[int]:
    """Return the ranks of the lines drawn, in the order of their tickets."""

    def billet(rang: int) -> tuple[str, int]:
        return empreinte(f"billet-commune-v1|{graine}|{part.code}|{rang}"), rang

    return nsmallest(part.lettres, range(part.lignes), key=billet)


def racine_de(part: Part, tire: Tire) -> str:
    """Return the root that a line drawn leads to; "" when its path has not the right length."""
    rang, noeud, chemin = tire
    voisins, lignes = iter(chemin), part.lignes
    while lignes > 1:
        if rang ^ 1 < lignes:
            voisin = next(voisins, "")
            gauche, droite = (voisin, noeud) if rang % 2 else (noeud, voisin)
            noeud = empreinte(f"noeud-v1|{gauche}|{droite}")
        rang, lignes = rang // 2, (lignes + 1) // 2
    return "" if next(voisins, None) is not None else noeud


def faute_de_la_preuve(graine: str, part: Part, tires: Sequence[Tire]) -> str:
    """Return what is wrong in the proof of a commune, as a sentence, or ""."""
    if [tire[0] for tire in tires] != rangs_tires(graine, part):
        return "Les rangs tirés ne sont pas ceux de la graine et de cette commune : refaites la commande affichée sur cette page."
    fausse = next((tire[0] for tire in tires if racine_de(part, tire) != part.racine), None)
    if fausse is None:
        return ""
    return f"La ligne {fausse} n’était pas dans la liste engagée : tirez sur le fichier liste_engagee.csv gardé ce jour-là."


def lire_engagements(octets: bytes, code: str, lettres: int) -> Part:
    """Return the part that the file of a commune says. Raises ValueError, a sentence."""
    lu = _lire(octets, "engagements-v1", "engagements.json", code)
    lignes, racine = lu.get("lignes"), lu.get("racine")
    if not isinstance(lignes, int) or not 0 < lignes <= LIGNES_MAX:
        raise ValueError("Le nombre de lignes de ce fichier ne se lit pas.")
    if not isinstance(racine, str) or not HEXA.fullmatch(racine):
        raise ValueError("La racine de ce fichier ne se lit pas.")
    if lignes < lettres:
        raise ValueError(f"La liste a {lignes} lignes : il en faut au moins {lettres}, une par lettre.")
    return Part(code, lettres, lignes, racine)


def lire_preuve(octets: bytes, graine: str, part: Part) -> list[Tire]:
    """Return the lines drawn by a commune, checked. Raises ValueError, a sentence."""
    lu = _lire(octets, "preuve-v1", "preuve.json", part.code)
    if lu.get("graine") != graine:
        raise ValueError(
            "Cette preuve vient d’une autre graine : refaites la commande affichée sur cette page."
        )
    tires = lu.get("tires")
    if not isinstance(tires, list) or not all(_est_un_tire(tire) for tire in tires):
        raise ValueError("Les lignes tirées de ce fichier ne se lisent pas.")
    if faute := faute_de_la_preuve(graine, part, tires):
        raise ValueError(faute)
    return tires


def _lire(octets: bytes, forme: str, nom: str, code: str) -> dict[str, Any]:
    try:
        lu = lire_json(octets)
    except ValueError:
        lu = None
    if not isinstance(lu, dict) or lu.get("format") != forme:
        raise ValueError(f"Ce n’est pas le fichier {nom} que fait le script.")
    if lu.get("code") != code:
        raise ValueError(f"Ce fichier n’est pas de cette commune, dont le code est {code}.")
    return lu


def _est_un_tire(tire: object) -> bool:
    if not isinstance(tire, list) or len(tire) != 3:
        return False
    rang, engagement, chemin = tire
    empreintes = [engagement, *chemin] if isinstance(chemin, list) and len(chemin) <= 40 else [None]
    return type(rang) is int and all(isinstance(e, str) and HEXA.fullmatch(e) for e in empreintes)
