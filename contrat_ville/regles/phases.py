"""The phases of a participatory budget: in order, never two on one day; what may be done on a day is read from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from contrat_ville.workflow.inter_quartiers import CAPACITES, NaturePhase
from participation.socle.francais import jour_texte, majuscule

ORDRE = [str(nature) for nature in NaturePhase.values]


@dataclass(frozen=True, slots=True)
class Periode:
    nature: str
    debut: date
    fin: date

    @property
    def nom(self) -> str:
        return str(NaturePhase(self.nature).label)


def rangees(periodes: Iterable[Periode]) -> list[Periode]:
    """In the order of the règlement, whatever their dates."""
    return sorted(periodes, key=lambda periode: ORDRE.index(periode.nature))


def defauts(periodes: Iterable[Periode]) -> list[str]:
    """Why these dates cannot be, in sentences: a phase that ends before it begins, or begins before the one before has ended."""
    rang = rangees(periodes)
    phrases = [
        f"« {majuscule(p.nom)} » : la fin ({jour_texte(p.fin)}) précède le début ({jour_texte(p.debut)})."
        for p in rang
        if p.fin < p.debut
    ]
    phrases += [
        f"« {majuscule(apres.nom)} » commence le {jour_texte(apres.debut)}, avant la fin de « {avant.nom} », "
        f"le {jour_texte(avant.fin)}."
        for avant, apres in pairwise(rang)
        if apres.debut <= avant.fin
    ]
    return phrases


def en_cours(periodes: Sequence[Periode], jour: date) -> Periode | None:
    """The phase of that day; None between two, before the first, after the last."""
    return next((p for p in periodes if p.debut <= jour <= p.fin), None)


def suivante(periodes: Sequence[Periode], jour: date) -> Periode | None:
    """The next to begin after that day."""
    return min((p for p in periodes if p.debut > jour), key=lambda p: p.debut, default=None)


def capacites(periodes: Sequence[Periode], jour: date) -> frozenset[str]:
    """What may be done on that day."""
    phase = en_cours(periodes, jour)
    return CAPACITES[NaturePhase(phase.nature)] if phase is not None else frozenset()
