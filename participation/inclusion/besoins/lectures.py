"""What people need to come to the meetings ahead, in one list for who organises, with what is ordered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from participation.inclusion.models import CommandeDeBesoin
from participation.inclusion.workflow import EtatCommande
from participation.socle import vitrine
from participation.socle.vitrine import BesoinATenir


@dataclass(frozen=True, slots=True)
class RencontreAPreparer:
    """`lignes`: each need, and what is ordered for it."""

    quand: datetime
    rencontre: str
    url: str
    lignes: Sequence[tuple[BesoinATenir, CommandeDeBesoin | None]]

    @property
    def besoins(self) -> list[BesoinATenir]:
        return [besoin for besoin, _ in self.lignes]


Rencontre = tuple[tuple[datetime, str, str], list[BesoinATenir]]


def a_venir() -> list[Rencontre]:
    """Return the meetings to come where somebody said a need, the nearest first: (when, name, page), needs."""
    par_cle: dict[str, BesoinATenir] = {}
    for dit in vitrine.recueillir("besoins_a_tenir"):
        # One séance of a panel has the needs said at the call and those said since: one order serves them.
        deja = par_cle.get(dit.cle)
        par_cle[dit.cle] = replace(dit, combien=dit.combien + deja.combien) if deja else dit
    dits = sorted(par_cle.values(), key=lambda b: (b.quand, b.rencontre, b.besoin))
    return [(cle, list(siens)) for cle, siens in groupby(dits, key=lambda b: (b.quand, b.rencontre, b.url))]


def a_preparer(rencontres: Sequence[Rencontre]) -> list[RencontreAPreparer]:
    """Return these meetings with what is ordered for each need."""
    toutes: Any = CommandeDeBesoin.objects.all()  # typed as the spine
    vivantes = toutes.exclude(etat=EtatCommande.ANNULEE).filter(
        page__in={url for (_, _, url), _ in rencontres}
    )
    commandees = {(c.page, c.besoin): c for c in vivantes}
    return [
        RencontreAPreparer(quand, nom, url, [(b, commandees.get((b.url, b.besoin[:160]))) for b in siens])
        for (quand, nom, url), siens in rencontres
    ]


def a_commander() -> list[RencontreAPreparer]:
    """Return the same, of all, without what is ordered."""
    restent = [replace(r, lignes=[(b, c) for b, c in r.lignes if c is None]) for r in a_preparer(a_venir())]
    return [r for r in restent if r.lignes]
