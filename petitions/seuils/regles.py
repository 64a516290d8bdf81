"""Evaluation of a threshold, under the two readings of « no commune above its part ».

*Ensemble*: the largest commune has at most its part of all valid signatures.

*Écrêté*: the signatures above the part are not counted. The number kept is the largest T such that T
signatures remain when at most T × part are counted for each commune.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from petitions.models import Seuil


ENSEMBLE = "ensemble"  # values of ReglementPetition.LectureDuTiers


ECRETE = "ecrete"


def nombre_ecrete(nombres: Iterable[int], numerateur: int, denominateur: int) -> int:
    """Return the largest T with Σ min(n, ⌊T × numerateur / denominateur⌋) ≥ T.

    No commune then has more than its part of the T signatures. Without the rounding, this sum minus T is
    concave, so the values of T that satisfy the condition form an interval from 0. Its upper bound is found
    by capping the largest communes one after the other; the rounding then costs fewer than `denominateur`
    steps.
    """
    tries = sorted((n for n in nombres if n > 0), reverse=True)
    reste = sum(tries)
    borne = reste
    for plafonnees, nombre in enumerate(tries, start=1):
        reste -= nombre
        if plafonnees * numerateur >= denominateur:
            break
        # with these communes capped, T ≤ reste / (1 − plafonnees × part)
        borne = min(borne, reste * denominateur // (denominateur - plafonnees * numerateur))
    while borne > 0 and sum(min(n, borne * numerateur // denominateur) for n in tries) < borne:
        borne -= 1
    return borne


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Position of a pétition relative to one threshold."""

    seuil: "Seuil"
    lecture: str
    total: int  # all valid signatures
    retenu: int  # signatures counted under the reading
    communes: int
    plus_forte: int  # signatures of the most represented commune

    @property
    def assez_de_signatures(self) -> bool:
        return self.retenu >= self.seuil.signatures

    @property
    def assez_de_communes(self) -> bool:
        return self.communes >= self.seuil.communes

    @property
    def part_respectee(self) -> bool:
        """Whether no commune has more than its part. Always true under the reading « écrêté »."""
        if self.lecture == ECRETE:
            return True
        return (
            self.plus_forte * self.seuil.part_max_denominateur <= self.total * self.seuil.part_max_numerateur
        )

    @property
    def atteint(self) -> bool:
        return self.assez_de_signatures and self.assez_de_communes and self.part_respectee

    @property
    def signatures_manquantes(self) -> int:
        return max(0, self.seuil.signatures - self.retenu)

    @property
    def communes_manquantes(self) -> int:
        return max(0, self.seuil.communes - self.communes)

    @property
    def ailleurs(self) -> int:
        """Number of signatures from other communes needed to bring the largest commune back to its part."""
        if self.part_respectee:
            return 0
        besoin = -(-self.plus_forte * self.seuil.part_max_denominateur // self.seuil.part_max_numerateur)
        return besoin - self.total

    @property
    def part(self) -> float:
        """Share of the most represented commune, from 0 to 1."""
        return self.plus_forte / self.total if self.total else 0.0


def evaluer(seuil: "Seuil", nombres: Iterable[int], lecture: str) -> Evaluation:
    """Evaluate one threshold. `nombres`: number of valid signatures of each commune."""
    presents = [n for n in nombres if n > 0]
    total = sum(presents)
    retenu = (
        nombre_ecrete(presents, seuil.part_max_numerateur, seuil.part_max_denominateur)
        if lecture == ECRETE
        else total
    )
    return Evaluation(seuil, lecture, total, retenu, len(presents), max(presents, default=0))
