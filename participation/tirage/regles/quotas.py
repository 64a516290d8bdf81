"""Quotas of a draw: how many seats go to each value of each category. No database, no clock.

A quota that cannot be kept is refused before anything is drawn: alone by `fautes`, together with the others by
`participation.tirage.selection.faisabilite`.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from participation.socle.francais import accorder

# What somebody is, for the draw: one value for each category, in the order of the categories.
Profil = tuple[str, ...]
# Beyond, the quotas of a panel can seldom be kept together (opendlp-docs, help-with-targets).
CATEGORIES_CONSEILLEES = 6


def places_de_la_part(places: int, part: Decimal) -> tuple[int, int]:
    """Return how many seats, at least and at most, resemble a part of the population (in %)."""
    exactes = places * part / 100
    return math.floor(exactes), math.ceil(exactes)


def bornes(minimum: int, maximum: int) -> str:
    return f"{minimum} exactement" if minimum == maximum else f"{minimum} à {maximum}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats for the people who have this value: at least `minimum`, at most `maximum`."""

    categorie: str
    valeur: str
    minimum: int
    maximum: int

    def __str__(self) -> str:
        return f"{self.categorie} : {self.valeur}"

    @property
    def bornes(self) -> str:
        return bornes(self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class Bassin:
    """Who may be drawn, by profile, and what is asked of the panel.

    `effectifs`: how many people have each profile. `quotas` hold each value of each category once.
    """

    places: int
    categories: tuple[str, ...]
    quotas: tuple[Quota, ...]
    profils: tuple[Profil, ...]
    effectifs: tuple[int, ...]

    @classmethod
    def de(cls, places: int, quotas: Sequence[Quota], profils: Sequence[Profil]) -> "Bassin":
        """Group the people, given by their profile, one entry each."""
        return cls.compte(places, quotas, Counter(profils))

    @classmethod
    def compte(cls, places: int, quotas: Sequence[Quota], combien: Mapping[Profil, int]) -> "Bassin":
        """Return the pool of so many people of each profile."""
        tries = tuple(sorted(combien))
        categories = tuple(dict.fromkeys(quota.categorie for quota in quotas))
        return cls(places, categories, tuple(quotas), tries, tuple(combien[profil] for profil in tries))

    def concernes(self, quota: Quota) -> list[int]:
        """Return the indexes of the profiles that this quota counts."""
        rang = self.categories.index(quota.categorie)
        return [t for t, profil in enumerate(self.profils) if profil[rang] == quota.valeur]

    def disponibles(self, quota: Quota) -> int:
        return sum(self.effectifs[t] for t in self.concernes(quota))


def fautes(bassin: Bassin) -> list[str]:
    """Return, in sentences, why no panel can be drawn; each can be read from one category alone.

    A value that people have and that no quota names is a fault: a category read in part let a draw go on
    without it elsewhere (stratification-app, issue 29).
    """
    if bassin.places < 1:
        return ["Dites combien de places sont tirées au sort."]
    if not bassin.quotas:
        return ["Aucune catégorie n’est décrite : ajoutez au moins une catégorie et ses valeurs."]
    trouvees = []
    if sum(bassin.effectifs) < bassin.places:
        combien = accorder(sum(bassin.effectifs), "volontaire", aucun="aucun")
        il_y_a = "Il y a" if bassin.profils else "Il n’y a"
        trouvees.append(f"{il_y_a} {combien} pour {accorder(bassin.places, 'place')}.")
    for rang, categorie in enumerate(bassin.categories):
        quotas = [quota for quota in bassin.quotas if quota.categorie == categorie]
        presentes = {profil[rang] for profil in bassin.profils}
        trouvees += _fautes_de(bassin, categorie, quotas, presentes)
    return trouvees


def _fautes_de(bassin: Bassin, categorie: str, quotas: list[Quota], presentes: set[str]) -> list[str]:
    trouvees = []
    places = accorder(bassin.places, "place")
    minima, maxima = sum(quota.minimum for quota in quotas), sum(quota.maximum for quota in quotas)
    if minima > bassin.places:
        trouvees.append(f"{categorie} : les minimums font {minima} en tout, plus que les {places}.")
    if maxima < bassin.places:
        trouvees.append(f"{categorie} : les maximums font {maxima} en tout, moins que les {places}.")
    dites: Mapping[str, int] = Counter(quota.valeur for quota in quotas)
    for valeur, fois in dites.items():
        if fois > 1:
            trouvees.append(f"{categorie} : « {valeur} » est décrite {fois} fois.")
    for valeur in sorted(presentes - set(dites)):
        trouvees.append(
            f"{categorie} : des volontaires ont la valeur « {valeur or 'non renseignée'} », qu’aucun quota ne décrit."
        )
    for quota in quotas:
        if quota.minimum > quota.maximum:
            trouvees.append(f"{quota} : le minimum ({quota.minimum}) dépasse le maximum ({quota.maximum}).")
        elif bassin.profils and (disponibles := bassin.disponibles(quota)) < quota.minimum:
            manquent = (
                "personne n’a" if not disponibles else f"{accorder(disponibles, 'personne')} seulement a"
            )
            if disponibles > 1:
                manquent = f"{accorder(disponibles, 'personne')} seulement ont"
            trouvees.append(f"{quota} : {manquent} cette valeur, et le minimum est {quota.minimum}.")
    return trouvees


def reserves(categories: Sequence[str]) -> list[str]:
    """Return what is possible but unwise, in sentences."""
    dites = []
    if len(categories) > CATEGORIES_CONSEILLEES:
        dites.append(
            f"{len(categories)} catégories : au-delà de {CATEGORIES_CONSEILLEES}, les quotas se contredisent "
            "souvent, et certaines personnes n’ont presque aucune chance."
        )
    return dites
