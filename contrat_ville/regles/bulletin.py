"""What a ballot may hold, how it is kept, and the receipt that holds it. Pure."""

import re
from collections.abc import Collection, Mapping

from contrat_ville.regles.depouillement import Choix
from participation.socle.francais import accorder

MORCEAU = re.compile(r"([1-9]\d{0,3}):([1-9]\d{0,2})")
COUPE = "Ce bulletin ne se lit pas."


class BulletinRefuse(ValueError):
    """What is wrong with it, in a sentence."""


def ecrire(points: Mapping[int, int]) -> str:
    """« 3:1,7:4 », by number; "" when nothing is chosen: blank."""
    return ",".join(f"{numero}:{donnes}" for numero, donnes in sorted(points.items()) if donnes)


def lire(choix: str) -> dict[int, int]:
    """The contrary of `ecrire`. Raises BulletinRefuse."""
    lus: dict[int, int] = {}
    for morceau in filter(None, choix.split(",")):
        trouve = MORCEAU.fullmatch(morceau)
        if trouve is None or int(trouve[1]) in lus:
            raise BulletinRefuse(COUPE)
        lus[int(trouve[1])] = int(trouve[2])
    return lus


def verifier(lus: Mapping[int, int], *, numeros: Collection[int], nombre_max: int, points: int) -> None:
    """`points`: to be given out; 0 where projects are only ticked. Raises BulletinRefuse."""
    if not set(lus) <= set(numeros):
        raise BulletinRefuse("Un projet de ce bulletin n’est pas soumis au vote.")
    if len(lus) > nombre_max:
        trop = len(lus) - nombre_max
        raise BulletinRefuse(
            f"Vous avez choisi {accorder(len(lus), 'projet')}. Le maximum est {nombre_max} : retirez-en {trop}."
        )
    somme = sum(lus.values())
    if points and somme > points:
        raise BulletinRefuse(
            f"Vous avez donné {accorder(somme, 'point')}. Le maximum est {points} : retirez-en {somme - points}."
        )
    if not points and any(donnes != 1 for donnes in lus.values()):
        raise BulletinRefuse(COUPE)


def pour_le_compte(choix: str) -> Choix:
    """As the count reads it."""
    return tuple(sorted((str(numero), donnes) for numero, donnes in lire(choix).items()))
