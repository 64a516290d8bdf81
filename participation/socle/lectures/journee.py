"""« Ma journée »: of all that may wait, what does, found by one statement; only that is then read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from participation.socle.bd.sondes import Sonde, sonder
from participation.socle.models import Compte
from participation.socle.vitrine import Attendue, SectionJournee, Tache

Sections = Callable[[Compte], Iterable[SectionJournee]]
Sondes = Callable[[Compte], Sequence[Sonde]]


@dataclass(frozen=True, slots=True)
class SectionLue:
    cle: str
    titre: str
    taches: Sequence[Tache]


def lire(
    compte: Compte, faire: Sections, autres: Sondes = lambda _: (), cle: str = ""
) -> tuple[list[SectionLue], list[Any]]:
    """The sections with their lines, those that nothing fills included; then what each of `autres` found.

    `cle` tells `autres` from those of another page.
    """
    sections = list(faire(compte))
    formes = tuple((s.cle, *(type(t).__name__ for t in s.taches)) for s in sections)
    trouves = sonder(
        f"journee.{cle}.{timezone.localdate()}.{compte.droits}.{hash(formes)}",
        compte.pk,
        lambda: _sondes(compte.sans_nom(), faire, autres),
    )
    lus = iter(trouves)
    lues = [
        SectionLue(s.cle, s.titre, [t for tache in s.taches for t in _dire(tache, lus)][: s.au_plus])
        for s in sections
    ]
    return lues, list(lus)


def _sondes(personne: Compte, faire: Sections, autres: Sondes) -> list[Sonde]:
    attendues = (t for section in faire(personne) for t in section.taches if not isinstance(t, Tache))
    return [*(attendue.sonde() for attendue in attendues), *autres(personne)]


def _dire(tache: Tache | Attendue, lus: Iterator[Any]) -> Iterable[Tache]:
    return [tache] if isinstance(tache, Tache) else tache.dire(next(lus))
