"""Content of a ballot: its storage format and its checks. No database."""

import re
from collections.abc import Collection, Mapping

from contrat_ville.regles.depouillement import Choix
from participation.socle.francais import accorder

MORCEAU = re.compile(r"([1-9]\d{0,3}):([1-9]\d{0,2})")
COUPE = "Ce bulletin ne se lit pas."


class BulletinRefuse(ValueError):
    """Ballot that cannot be accepted; the message says why."""


def ecrire(points: Mapping[int, int]) -> str:
    """Format a ballot as « 3:1,7:4 » (project number:points), by number; "" for a blank ballot."""
    return ",".join(f"{numero}:{donnes}" for numero, donnes in sorted(points.items()) if donnes)


def lire(choix: str) -> dict[int, int]:
    """Parse what `ecrire` wrote. Raises BulletinRefuse."""
    lus: dict[int, int] = {}
    for morceau in filter(None, choix.split(",")):
        trouve = MORCEAU.fullmatch(morceau)
        if trouve is None or int(trouve[1]) in lus:
            raise BulletinRefuse(COUPE)
        lus[int(trouve[1])] = int(trouve[2])
    return lus


def verifier(lus: Mapping[int, int], *, numeros: Collection[int], nombre_max: int, points: int) -> None:
    """Check a ballot.

    `points` is the total to give, or 0 when projects are only ticked. Raises BulletinRefuse.
    """
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
    """Return the ballot in the format of `regles.depouillement`."""
    return tuple(sorted((str(numero), donnes) for numero, donnes in lire(choix).items()))
