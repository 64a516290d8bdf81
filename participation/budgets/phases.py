"""Phases of a participatory budget: in a fixed order, without overlap. They decide what may be done on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from participation.budgets.workflow.budget import CAPACITES, NaturePhase
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
    """Return the phases in the order of the règlement, whatever their dates."""
    return sorted(periodes, key=lambda periode: ORDRE.index(periode.nature))


def defauts(periodes: Iterable[Periode]) -> list[str]:
    """Return, in sentences, why these dates are wrong: a phase ends before it begins, or begins too early.

    A phase begins after the last day of the previous one.
    """
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
    """Return the phase of that day; None between two phases, before the first and after the last."""
    return next((p for p in periodes if p.debut <= jour <= p.fin), None)


def suivante(periodes: Sequence[Periode], jour: date) -> Periode | None:
    """Return the next phase that begins after that day."""
    return min((p for p in periodes if p.debut > jour), key=lambda p: p.debut, default=None)


def capacites(periodes: Sequence[Periode], jour: date) -> frozenset[str]:
    """Return what may be done on that day."""
    phase = en_cours(periodes, jour)
    return CAPACITES[NaturePhase(phase.nature)] if phase is not None else frozenset()
