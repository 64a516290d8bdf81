"""Gauges and timelines, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from participation.socle.graphiques.traits import pourcent

Ton = Literal["atteint", "proche", "manque"]
Statut = Literal["passe", "en_cours", "a_venir"]


@dataclass(frozen=True, slots=True)
class Repere:
    """A threshold marked on a gauge. ``position`` from 0 to 1."""

    position: float
    libelle: str = ""

    @property
    def trait_x(self) -> str:
        return pourcent(min(max(self.position, 0.004), 0.996))

    @property
    def texte_x(self) -> str:
        return {"start": "0", "middle": pourcent(self.position), "end": "100%"}[self.ancre]

    @property
    def ancre(self) -> str:
        if self.position > 0.85:
            return "end"
        return "start" if self.position < 0.15 else "middle"


@dataclass(frozen=True, slots=True)
class Case:
    """One cell of a gauge that counts items one by one (49 communes)."""

    x: str
    largeur: str
    pleine: bool


@dataclass(frozen=True, slots=True)
class Jauge:
    """A gauge: a figure, a drawing, a sentence.

    ``proportion`` (0 to 1) draws a bar; ``cases=(21, 49)`` draws 49 cells, of which 21 are full. ``interdit``: where the
    forbidden zone starts (0.333 if no commune may have more than a third).
    """

    titre: str
    valeur: str
    sur: str = ""
    proportion: float = 0.0
    cases: tuple[int, int] | None = None
    reperes: Sequence[Repere] = ()
    phrase: str = ""
    ton: Ton = "manque"
    interdit: float | None = None

    @property
    def largeur(self) -> str:
        return pourcent(self.proportion)

    @property
    def icone(self) -> str:
        return {"atteint": "coche", "proche": "alerte", "manque": "horloge"}[self.ton]

    @property
    def interdit_x(self) -> str:
        return pourcent(self.interdit or 0.0)

    @property
    def interdit_largeur(self) -> str:
        return pourcent(1.0 - (self.interdit or 0.0))

    @property
    def dessin(self) -> list[Case]:
        if self.cases is None:
            return []
        pleines, total = self.cases
        pas = 1.0 / max(total, 1)
        largeur = pourcent(pas * 0.72)
        return [Case(pourcent(i * pas), largeur, i < pleines) for i in range(total)]


# Timeline


@dataclass(frozen=True, slots=True)
class EtapeFrise:
    """One point of a timeline. ``date`` is a day, or words (« Aujourd’hui », « Avant le 18 mars 2027 »)."""

    titre: str
    date: date | str | None = None
    texte: str = ""
    statut: Statut = "passe"

    @property
    def classe(self) -> str:
        return {"passe": "", "en_cours": "en-cours", "a_venir": "a-venir"}[self.statut]
