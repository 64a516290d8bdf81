"""Is a threshold reached, and what is missing: arithmetic alone, under both readings of « no commune above its part ».

*Ensemble*: the largest commune weighs at most its part of all valid signatures.
*Écrêté*: what exceeds the part is not counted. The number kept is the largest T such that, counting at most T × part from each
commune, T signatures are still found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from petitions.models import Seuil

ENSEMBLE = "ensemble"  # values of ReglementPetition.LectureDuTiers
ECRETE = "ecrete"


def nombre_ecrete(nombres: Iterable[int], numerateur: int, denominateur: int) -> int:
    """Largest T with Σ min(n, ⌊T × numerateur / denominateur⌋) ≥ T: no kept commune weighs more than its part.

    Without the rounding, that sum minus T is concave, so what holds is an interval from 0: its end is found by capping the
    largest communes one after the other; the rounding then costs less than `denominateur` steps.
    """
    tries = sorted((n for n in nombres if n > 0), reverse=True)
    reste = sum(tries)
    borne = reste
    for plafonnees, nombre in enumerate(tries, start=1):
        reste -= nombre
        if plafonnees * numerateur >= denominateur:
            break
        # with these capped, T ≤ reste / (1 − plafonnees × part)
        borne = min(borne, reste * denominateur // (denominateur - plafonnees * numerateur))
    while borne > 0 and sum(min(n, borne * numerateur // denominateur) for n in tries) < borne:
        borne -= 1
    return borne


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Where a pétition stands before one threshold."""

    seuil: "Seuil"
    lecture: str
    total: int  # all valid signatures
    retenu: int  # those that the reading counts
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
        """Under the capped reading the excess is simply not counted: the part is always respected."""
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
        """Signatures from other communes that would bring the largest one back to its part."""
        if self.part_respectee:
            return 0
        besoin = -(-self.plus_forte * self.seuil.part_max_denominateur // self.seuil.part_max_numerateur)
        return besoin - self.total

    @property
    def part(self) -> float:
        """Share of the most represented commune, 0 to 1."""
        return self.plus_forte / self.total if self.total else 0.0


def evaluer(seuil: "Seuil", nombres: Iterable[int], lecture: str) -> Evaluation:
    """`nombres`: valid signatures of each commune."""
    presents = [n for n in nombres if n > 0]
    total = sum(presents)
    retenu = (
        nombre_ecrete(presents, seuil.part_max_numerateur, seuil.part_max_denominateur)
        if lecture == ECRETE
        else total
    )
    return Evaluation(seuil, lecture, total, retenu, len(presents), max(presents, default=0))
