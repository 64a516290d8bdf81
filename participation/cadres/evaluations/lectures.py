"""What an evaluation says: each criterion before and after, and where those who evaluate disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation.cadres.models import Cadre, Critere, NoteDeCritere, ReglementCadres
from participation.cadres.workflow import Moment


@dataclass(frozen=True, slots=True)
class Notes:
    """What was noted of one criterion at one moment."""

    valeurs: Sequence[int]

    @property
    def moyenne(self) -> Decimal | None:
        return Decimal(sum(self.valeurs)) / len(self.valeurs) if self.valeurs else None

    @property
    def etendue(self) -> int:
        return max(self.valeurs) - min(self.valeurs) if self.valeurs else 0


@dataclass(frozen=True, slots=True)
class Resultat:
    """`est_partage`: those who evaluate are further apart than the règlement says it must be told."""

    critere: Critere
    avant: Notes
    apres: Notes
    est_partage: bool

    @property
    def ecart(self) -> Decimal | None:
        """Return after minus before; None when one is missing."""
        avant, apres = self.avant.moyenne, self.apres.moyenne
        return apres - avant if avant is not None and apres is not None else None


def resultats(cadre: Cadre) -> list[Resultat]:
    """Return one line for each criterion that somebody noted, in the order of the grid: two queries."""
    lues: dict[tuple[int, str], list[int]] = {}
    notes = NoteDeCritere.objects.filter(evaluateur__cadre=cadre.pk).order_by("pk")
    for critere, moment, note in notes.values_list("critere", "evaluateur__moment", "note"):
        lues.setdefault((critere, moment), []).append(note)
    seuil = ReglementCadres.actuel().ecart_a_dire
    dits = []
    for critere in Critere.objects.filter(pk__in={numero for numero, _ in lues}):
        avant, apres = (Notes(lues.get((critere.pk, moment), ())) for moment in Moment)
        dits.append(Resultat(critere, avant, apres, max(avant.etendue, apres.etendue) >= seuil))
    return dits
