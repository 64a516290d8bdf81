"""What may wait for an agent in « Ma journée », as data, and how it is read in one statement."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from participation.socle.bd.sondes import CombienEtDepuis, Existe, Rangee, Rangees, Sonde, sonder
from participation.socle.francais import INSECABLE
from participation.socle.models import Compte


@dataclass(frozen=True, slots=True)
class Tache:
    """A line of « Ma journée »: when, what (infinitive and object), about what, and one button."""

    quoi: str
    url: str
    bouton: str
    sur_quoi: str = ""
    genre: str = ""
    app: str = "metropole"
    date_limite: date | None = None
    quand: str = ""
    depuis: datetime | None = (
        None  # since when somebody waits: shown when no day is due, and beside what is late
    )

    @property
    def apres_le_bouton(self) -> str:
        """Text for screen readers after the word of the button.

        It is the task, without that word if it begins with it (« Répondre : Répondre : … »).
        """
        suite = self.quoi.removeprefix(self.bouton)
        if suite == self.quoi or suite[:1].isalpha():
            suite = f": {self.quoi}"
        return INSECABLE + suite.lstrip()


@dataclass(frozen=True, slots=True)
class Attente:
    """Rows that may be waiting; their lines are read only if there is at least one (`lire_la_journee`).

    `ensemble` may be wider than what the lines show, never narrower. Its SQL is kept for this account until the end
    of the day: it must hold no hour and no result of another query.
    """

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    lignes: Callable[[], Iterable[Tache]]

    def sonde(self) -> Sonde:
        return Existe(self.ensemble)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        return self.lignes() if trouve else ()


@dataclass(frozen=True, slots=True)
class AttenteGroupee:
    """Rows summed up by one line: their number, and the oldest instant of the field `depuis`.

    No further statement.
    """

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    depuis: str
    ligne: "Callable[[int, datetime | None], Tache]"

    def sonde(self) -> Sonde:
        return CombienEtDepuis(self.ensemble, self.depuis)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        combien, depuis = trouve
        return [self.ligne(combien, depuis)] if combien else ()


@dataclass(frozen=True, slots=True)
class AttenteLue:
    """Rows of which a few fields suffice (`values`, in this order, with a limit). No further statement."""

    ensemble: "Callable[[], QuerySet[Any, Any]]"
    lignes: Callable[[list[Rangee]], Iterable[Tache]]

    def sonde(self) -> Sonde:
        return Rangees(self.ensemble)

    def dire(self, trouve: Any) -> Iterable[Tache]:
        return self.lignes(trouve) if trouve else ()


Attendue = Attente | AttenteGroupee | AttenteLue


@dataclass(frozen=True, slots=True)
class SectionJournee:
    """A section of « Ma journée »: lines, and rows that may give some; `au_plus` lines are shown.

    Building it must not query the database.
    """

    cle: str
    titre: str
    taches: Sequence[Tache | Attendue]
    au_plus: int | None = None


@dataclass(frozen=True, slots=True)
class SectionLue:
    cle: str
    titre: str
    taches: Sequence[Tache]


def lire_la_journee(
    compte: Compte, sections: Sequence[SectionJournee], autres: Sequence[Sonde] = (), cle: str = ""
) -> tuple[list[SectionLue], list[Any]]:
    """Return the sections of « Ma journée » with their lines, then the result of each of `autres`.

    One statement finds what waits; only that is then read. Sections without lines are included. `cle`
    distinguishes the `autres` of different pages.
    """
    attendues = [t for section in sections for t in section.taches if not isinstance(t, Tache)]
    formes = [(s.cle, [type(t).__name__ for t in s.taches]) for s in sections]
    sondes = [*(attendue.sonde() for attendue in attendues), *autres]
    lus = iter(sonder(f"journee {cle} {formes}", compte, lambda: sondes))
    lues = [
        SectionLue(s.cle, s.titre, [t for tache in s.taches for t in _dire(tache, lus)][: s.au_plus])
        for s in sections
    ]
    return lues, list(lus)


def _dire(tache: Tache | Attendue, lus: Iterator[Any]) -> Iterable[Tache]:
    return [tache] if isinstance(tache, Tache) else tache.dire(next(lus))
