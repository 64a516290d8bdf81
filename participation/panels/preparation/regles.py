"""The time that a panel needs, counted back from its first session, and how many invitations it takes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from participation.socle.francais import accorder, jour_texte, nombre, pourcentage


@dataclass(frozen=True, slots=True)
class Etape:
    """A step, due on `jour`."""

    cle: str
    libelle: str
    jour: date


def retroplanning(premiere: date, etapes: Iterable[tuple[str, str, int]]) -> list[Etape]:
    """Return the steps by day. `etapes`: key, words, days before the first session."""
    dues = [Etape(cle, libelle, premiere - timedelta(days=avant)) for cle, libelle, avant in etapes]
    return sorted(dues, key=lambda etape: (etape.jour, etape.cle))


def resserrer(etapes: Sequence[Etape], premiere: date, aujourdhui: date) -> list[Etape]:
    """Return the steps as they can still be held: those whose day is past begin today, and are spread until the next one.

    `etapes`: by day. What still has its day keeps it, so that the time of posting and of calls is not eaten.
    """
    passees = [etape for etape in etapes if etape.jour < aujourdhui]
    restent = etapes[len(passees) :]
    place = max(0, ((restent[0].jour if restent else premiere) - aujourdhui).days)
    serrees = [
        replace(etape, jour=aujourdhui + timedelta(days=place * rang // len(passees)))
        for rang, etape in enumerate(passees)
    ]
    return [*serrees, *restent]


def retard(etapes: Sequence[Etape], aujourdhui: date) -> str:
    """Say that there is too little time left; "" when every step is still to come."""
    passees = [etape for etape in etapes if etape.jour < aujourdhui]
    if not passees:
        return ""
    return (
        f"Il reste trop peu de temps : {accorder(len(passees), 'étape aurait', 'étapes auraient')} dû être faite"
        f"{'s' * (len(passees) > 1)} avant aujourd’hui, la première le {jour_texte(passees[0].jour)}. "
        f"{'Commencez-les' if len(passees) > 1 else 'Faites-la'} tout de suite, ou reculez la première séance."
    )


@dataclass(frozen=True, slots=True)
class Envoi:
    """How many invitations a stratum takes. `part`: of its population."""

    strate: str
    population: int
    places: int
    taux: Decimal
    esperes: int
    lettres: int

    @property
    def part(self) -> float:
        return self.lettres / self.population

    @property
    def est_trop(self) -> bool:
        return self.lettres > self.population

    @property
    def raison(self) -> str:
        """The reasoning, as a sentence."""
        dit = (
            f"{accorder(self.places, 'place')}, {accorder(self.esperes, 'inscription espérée', 'inscriptions espérées')}, "
            f"{nombre(self.taux)} % de réponses : {accorder(self.lettres, 'invitation')}"
        )
        if self.est_trop:
            return f"{dit}, plus que ses {nombre(self.population)} adresses."
        return f"{dit}, {pourcentage(100 * self.part)} de ses adresses."


def envois(strates: Iterable[tuple[str, int, int, Decimal]], par_place: int) -> list[Envoi]:
    """Return the mailing of each stratum (name, population, seats, answers in %): the less it answers, the more."""
    return [
        Envoi(nom, population, places, taux, places * par_place, math.ceil(places * par_place * 100 / taux))
        for nom, population, places, taux in strates
    ]
