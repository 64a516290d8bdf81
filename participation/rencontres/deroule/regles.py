"""Hours of a run-of-show, and how a delay is made up. Numbers in, numbers out: no database, no clock.

A step without a track is for the whole room: it begins when all that comes before is over. Steps that follow one
another on tracks run side by side, each track in its order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Etape:
    """`minutes`: as it will be played, 0 once cut. `au_moins`: what it may be shortened to."""

    cle: int
    minutes: int
    piste: str = ""
    au_moins: int = 0
    peut_sauter: bool = False


@dataclass(frozen=True, slots=True)
class Rattrapage:
    """`minutes`: new durations of the steps that change. `reste`: minutes by which the end still moves."""

    minutes: Mapping[int, int]
    reste: int


def debuts(etapes: Sequence[Etape]) -> dict[int, int]:
    """Return when each step begins, in minutes from the beginning."""
    mur, pistes, dits = 0, dict[str, int](), dict[int, int]()
    for etape in etapes:
        if etape.piste:
            dits[etape.cle] = pistes.get(etape.piste, mur)
            pistes[etape.piste] = dits[etape.cle] + etape.minutes
            continue
        mur = max([mur, *pistes.values()])
        pistes = {}
        dits[etape.cle] = mur
        mur += etape.minutes
    return dits


def duree(etapes: Sequence[Etape]) -> int:
    """Return how long it all lasts, in minutes."""
    dits = debuts(etapes)
    return max((dits[etape.cle] + etape.minutes for etape in etapes), default=0)


def en_cours(etapes: Sequence[Etape], minute: int) -> list[Etape]:
    """Return the steps that run at this minute: several where tracks run side by side."""
    dits = debuts(etapes)
    return [e for e in etapes if dits[e.cle] <= minute < dits[e.cle] + e.minutes]


def retarder(etapes: Sequence[Etape], cle: int, minutes: int, *, couper: bool) -> Rattrapage:
    """Lengthen the step `cle`. With `couper`, shorten then cut what may be, from the last step to the next one.

    Nothing before `cle` changes. A change that brings the end no nearer (one of two tracks) is not made.
    """
    vise = duree(etapes)
    rang = next(n for n, etape in enumerate(etapes) if etape.cle == cle)
    jouees = [*etapes]
    jouees[rang] = replace(jouees[rang], minutes=jouees[rang].minutes + minutes)
    for saute in (False, True) if couper else ():
        for n in range(len(jouees) - 1, rang, -1):
            trop = duree(jouees) - vise
            if trop <= 0:
                break
            jouees[n] = _raccourcie(jouees, n, trop, saute=saute)
    change = {
        apres.cle: apres.minutes
        for avant, apres in zip(etapes, jouees, strict=True)
        if avant.minutes != apres.minutes
    }
    return Rattrapage(change, max(duree(jouees) - vise, 0))


def _raccourcie(etapes: Sequence[Etape], n: int, trop: int, *, saute: bool) -> Etape:
    """Return the step as it should be played to gain up to `trop` minutes; a cut one is cut whole."""
    etape = etapes[n]
    if saute:
        courte = replace(etape, minutes=0) if etape.peut_sauter else etape
    else:
        au_moins = min(etape.au_moins or etape.minutes, etape.minutes)
        courte = replace(etape, minutes=max(au_moins, etape.minutes - trop))
    gagne = duree(etapes) - duree([*etapes[:n], courte, *etapes[n + 1 :]])
    if gagne <= 0:
        return etape
    return courte if saute else replace(etape, minutes=etape.minutes - gagne)
