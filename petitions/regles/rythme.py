"""Signs that a threshold was not reached by a crowd: numbers in, reasons for an agent to look out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from participation.socle.francais import accorder, nombre, pourcentage

if TYPE_CHECKING:
    from petitions.models import ReglageFraude


@dataclass(frozen=True, slots=True)
class Arrivees:
    """How the signatures asked online arrived.

    `lieux`: (« du domaine … », number) for the largest rare domain and for the largest network.
    """

    total: int
    recentes: int  # within the period of the settings
    heures_avant: float  # hours between the opening and the beginning of that period
    lieux: Sequence[tuple[str, int]] = ()

    def rythme_avant(self, heures: int) -> float:
        """Return the earlier number of signatures for a period of `heures` hours."""
        return (self.total - self.recentes) * heures / self.heures_avant if self.heures_avant > 0 else 0.0


def raisons_d_attendre(signatures: int, arrivees: Arrivees, reglage: "ReglageFraude") -> list[str]:
    """Return the reasons why the threshold must wait for an agent; empty when nothing is unusual.

    `signatures`: number that the threshold requires.
    """
    raisons = []
    avant = arrivees.rythme_avant(reglage.seuil_heures)
    part = 100 * arrivees.recentes / signatures if signatures else 0
    if part >= reglage.seuil_part and arrivees.recentes >= reglage.seuil_facteur * avant:
        raisons.append(
            f"{nombre(arrivees.recentes)} signatures en ligne confirmées en {accorder(reglage.seuil_heures, 'heure')} "
            f"({pourcentage(round(part))} de ce que le seuil demande) ; avant, {nombre(round(avant))} pour la même durée."
        )
    raisons += [
        f"{pourcentage(round(100 * combien / arrivees.total))} des signatures en ligne viennent {lieu} ({nombre(combien)})."
        for lieu, combien in arrivees.lieux
        if 100 * combien > reglage.seuil_concentration * arrivees.total
    ]
    return raisons
