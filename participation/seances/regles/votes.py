"""What a count of votes says, under a rule. Arithmetic alone.

The majority is one of votes cast: « pour » and « contre ». Abstentions and « ne prend pas part » are told, not counted. Without
a vote cast nothing is adopted. When « pour » equals « contre », the president's vote decides if the règlement says so
(CRPA R133-11); it is not known in a secret ballot, which then adopts nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from participation.seances.regles.parts import combien
from participation.seances.workflow import Part, Sens

ADOPTE, REJETE = "adopte", "rejete"


@dataclass(frozen=True, slots=True)
class VoixComptees:
    pour: int = 0
    contre: int = 0
    abstention: int = 0
    nppv: int = 0

    def __add__(self, autre: "VoixComptees") -> "VoixComptees":
        return VoixComptees(
            self.pour + autre.pour,
            self.contre + autre.contre,
            self.abstention + autre.abstention,
            self.nppv + autre.nppv,
        )

    @property
    def exprimes(self) -> int:
        return self.pour + self.contre

    @property
    def total(self) -> int:
        return self.exprimes + self.abstention + self.nppv


@dataclass(frozen=True, slots=True)
class Issue:
    """`resultat`: « adopte » or « rejete ». `a_l_egalite`: the president's vote decided."""

    resultat: str
    a_l_egalite: bool = False


def est_a_egalite(decompte: VoixComptees, majorite: str) -> bool:
    """As many for as against, under a rule that one vote more would have settled."""
    return decompte.pour == decompte.contre > 0 and majorite in {Part.MAJORITE, Part.AUCUNE}


def est_majoritaire(decompte: VoixComptees, majorite: str) -> bool:
    if majorite == Part.AUCUNE:  # more for than against
        majorite = Part.MAJORITE
    return decompte.exprimes > 0 and decompte.pour >= combien(majorite, decompte.exprimes)


def depouiller(
    par_college: Mapping[int, VoixComptees],
    majorite: str = Part.MAJORITE,
    par_college_requis: bool = False,
    voix_du_president: str = "",
) -> Issue:
    """`par_college`: the count of each collège that had somebody to vote. `voix_du_president`: what the president voted, ""
    when it does not weigh more or is not known. With `par_college_requis`, the whole and each collège must agree."""
    ensemble = sum(par_college.values(), VoixComptees())
    if par_college_requis and not all(est_majoritaire(d, majorite) for d in par_college.values()):
        return Issue(REJETE)
    if est_a_egalite(ensemble, majorite) and voix_du_president in {Sens.POUR, Sens.CONTRE}:
        return Issue(ADOPTE if voix_du_president == Sens.POUR else REJETE, a_l_egalite=True)
    return Issue(ADOPTE if est_majoritaire(ensemble, majorite) else REJETE)
