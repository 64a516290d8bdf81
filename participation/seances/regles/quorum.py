"""Is the body numerous enough to deliberate? Arithmetic alone: the séance's data comes in, a sentence goes out.

Only the collèges that have the vote that day are counted, in the base as in the presence. A seat counts once, whoever sits in
it; a proxy counts when the règlement says so (CRPA R133-10). A second convocation asks for no quorum when the règlement says
so (L2121-17 CGCT, CRPA R133-11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from participation.seances.regles.parts import combien
from participation.seances.workflow import Part
from participation.socle.francais import accorder, enumerer, minuscule

# L'ensemble, when the rule is asked of the whole body.
EN_EXERCICE = "en_exercice"
SANS_SIEGE = "Personne n’a de siège ici : la réunion se tient entre invités, sans quorum ni vote."


@dataclass(frozen=True, slots=True)
class Corps:
    """A collège that day: its seats, those that are filled, and who holds them now (each seat in one of the last three)."""

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
    est_exige: bool = True  # False: second convocation


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
    """`requis` and `atteint` are numbers of seats, `manque` how many more must come (in all, or in the collèges that lack some)."""

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
        """What the règlement asks for is not there. Where nobody has a seat, it asks for nothing and nothing is decided."""
        return self.est_exige and not self.est_atteint

    def figer(self) -> dict[str, object]:
        """As JSON, to be kept with a vote."""
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
    # One who comes for a collège comes for the whole as well.
    manque = max(manque, sum(nombre for nombre, _ in manques))
    if manque == 0:
        phrase = f"Atteint : {atteint} sur {accorder(requis, 'nécessaire')}."
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
    # A collège where nobody sits asks for nobody: it would forbid every séance.
    requis = combien(regle.part, base) if regle.par_college and base else 0
    return QuorumCollege(corps.cle, corps.nom, base, requis, atteint)


def _presents(nombre: int) -> str:
    return accorder(nombre, "membre présent ou représenté", "membres présents ou représentés")


def _nommer(nombre: int, college: str) -> str:
    """« 1 habitant », « 2 associations »; « 1 du collège « Élus du territoire » » when the name is not one plural word."""
    if " " in college or not college.endswith("s"):
        return f"{nombre} du collège « {college} »"
    mot = minuscule(college)
    return f"{nombre} {mot if nombre > 1 else mot[:-1]}"
