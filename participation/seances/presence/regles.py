"""Computation of a quorum: numbers in, a result and a French sentence out. No query.

Only the collèges that may vote that day count, both in the base and among those present. A seat counts once,
whoever holds it. A pouvoir counts if the règlement says so (CRPA R133-10). A second convocation requires no
quorum if the règlement says so (L2121-17 CGCT, CRPA R133-11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from participation.seances.regles import combien
from participation.seances.workflow import Part
from participation.socle.francais import accorder, enumerer, minuscule

# Value of `ReglementInstance.base_quorum`: the quorum is a share of the members in office.
EN_EXERCICE = "en_exercice"


SANS_MEMBRE = "Aucun membre n’est nommé : le quorum ne peut pas être atteint."
SANS_SIEGE = "Personne n’a de siège ici : la réunion se tient entre invités, sans quorum ni vote."


@dataclass(frozen=True, slots=True)
class Corps:
    """Seats of one collège on the day of the séance.

    A held seat counts once, in `presents`, `a_distance` or `pouvoirs`.
    """

    cle: int
    nom: str
    sieges: int
    en_exercice: int
    presents: int = 0
    a_distance: int = 0
    pouvoirs: int = 0
    a_le_vote: bool = True


@dataclass(frozen=True, slots=True)
class RegleQuorum:
    part: str = Part.MOITIE
    base: str = EN_EXERCICE
    par_college: bool = False
    distance_compte: bool = True
    pouvoirs_comptent: bool = True
    est_exige: bool = True  # False for a second convocation without quorum


@dataclass(frozen=True, slots=True)
class QuorumCollege:
    cle: int
    nom: str
    base: int
    requis: int
    atteint: int

    @property
    def manque(self) -> int:
        return max(0, self.requis - self.atteint)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Result, in seats. `manque`: how many more must come, for the whole and for the collèges that lack some."""

    requis: int
    atteint: int
    manque: int
    est_atteint: bool
    phrase: str
    par_corps: tuple[QuorumCollege, ...] = field(default=())
    base: int = 0
    est_exige: bool = True

    @property
    def fait_defaut(self) -> bool:
        """Whether a required quorum is missing. False where nobody has a seat: no quorum is required there."""
        return self.est_exige and not self.est_atteint

    def figer(self) -> dict[str, object]:
        """Return the result as JSON, to be copied into a vote."""
        return {
            "requis": self.requis,
            "atteint": self.atteint,
            "base": self.base,
            "est_atteint": self.est_atteint,
            "est_exige": self.est_exige,
            "phrase": self.phrase,
            "par_college": [
                {"college": c.cle, "nom": c.nom, "base": c.base, "requis": c.requis, "atteint": c.atteint}
                for c in self.par_corps
            ],
        }


def calculer(corps: Sequence[Corps], regle: RegleQuorum) -> Quorum:
    if not corps:
        return Quorum(0, 0, 0, False, SANS_SIEGE, est_exige=False)
    comptes = [c for c in corps if c.a_le_vote]
    lignes = tuple(_college(c, regle) for c in comptes)
    base, atteint = sum(ligne.base for ligne in lignes), sum(ligne.atteint for ligne in lignes)
    if not regle.est_exige or regle.part == Part.AUCUNE:
        phrase = f"{_presents(atteint)}. Aucun quorum n’est exigé" + (
            " : c’est une seconde convocation." if not regle.est_exige else "."
        )
        return Quorum(0, atteint, 0, True, phrase, lignes, base, est_exige=False)
    requis = combien(regle.part, base)
    manque = max(0, requis - atteint)
    manques = [(ligne.manque, ligne.nom) for ligne in lignes if regle.par_college and ligne.manque]
    # A member who comes for a collège also counts for the whole: keep the larger number.
    manque = max(manque, sum(nombre for nombre, _ in manques))
    if manque == 0:
        phrase = f"Atteint : {atteint} sur {accorder(requis, 'nécessaire')}."
    elif base == 0:
        phrase = SANS_MEMBRE
    else:
        dont = enumerer(_nommer(nombre, nom) for nombre, nom in manques)
        phrase = f"Il manque {accorder(manque, 'membre')}{f', dont {dont}' if dont else ''}."
    return Quorum(requis, atteint, manque, manque == 0, phrase, lignes, base)


def _college(corps: Corps, regle: RegleQuorum) -> QuorumCollege:
    base = corps.en_exercice if regle.base == EN_EXERCICE else corps.sieges
    atteint = (
        corps.presents
        + (corps.a_distance if regle.distance_compte else 0)
        + (corps.pouvoirs if regle.pouvoirs_comptent else 0)
    )
    # A collège with an empty base requires nobody: otherwise no séance could be held.
    requis = combien(regle.part, base) if regle.par_college and base else 0
    return QuorumCollege(corps.cle, corps.nom, base, requis, atteint)


def _presents(nombre: int) -> str:
    return accorder(nombre, "membre présent ou représenté", "membres présents ou représentés")


def _nommer(nombre: int, college: str) -> str:
    """« 1 habitant », « 2 associations », or « 1 du collège « Élus du territoire » » for other names."""
    if " " in college or not college.endswith("s"):
        return f"{nombre} du collège « {college} »"
    mot = minuscule(college)
    return f"{nombre} {mot if nombre > 1 else mot[:-1]}"
