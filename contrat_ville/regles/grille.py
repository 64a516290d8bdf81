"""Arithmetic of the grid: what marks are worth, where two readers differ. Numbers in, a result and a sentence out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from participation.socle.francais import accorder, enumerer

REMPLI, NON_REMPLI, SANS_OBJET = "rempli", "non_rempli", "sans_objet"


@dataclass(frozen=True, slots=True)
class Note:
    """A mark given to a criterion, out of `note_max`, with its weight."""

    note: int
    note_max: int
    poids: int


def score(notes: Iterable[Note]) -> Fraction | None:
    """Weighted mean out of 100, exact; None when nothing is marked. A criterion « sans objet » is left out, with its weight."""
    obtenus, possibles = Fraction(0), 0
    for note in notes:
        obtenus += Fraction(note.note, note.note_max) * note.poids
        possibles += note.poids
    return obtenus / possibles * 100 if possibles else None


def moyenne(scores: Sequence[Fraction | None]) -> Fraction | None:
    """Of those who marked; None when nobody did."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return sum(donnes, start=Fraction(0)) / len(donnes) if donnes else None


def ecart(scores: Sequence[Fraction | None]) -> Fraction:
    """Between the highest and the lowest, in points; 0 with one reader."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return max(donnes) - min(donnes) if len(donnes) > 1 else Fraction(0)


def dire_l_ecart(scores: Sequence[Fraction | None], seuil: int) -> str:
    """The sentence to discuss, empty when the readers agree closely enough."""
    points = ecart(scores)
    return (
        f"Les lectures diffèrent de {accorder(round(points), 'point')} : à discuter."
        if points > seuil
        else ""
    )


def desaccords(resultats: Sequence[str]) -> bool:
    """Do readers say opposite things of one criterion? « sans objet » contradicts nothing."""
    dits = {resultat for resultat in resultats if resultat in {REMPLI, NON_REMPLI}}
    return len(dits) > 1


def empechements(non_remplis: Sequence[tuple[str, bool]]) -> list[str]:
    """(criterion, éliminatoire) that are not met → what stands in the way of « recevable »."""
    eliminatoires = [intitule for intitule, est_eliminatoire in non_remplis if est_eliminatoire]
    if not eliminatoires:
        return []
    return [
        f"La grille dit non rempli : {enumerer(f'« {intitule} »' for intitule in eliminatoires)}. "
        "Corrigez-la, ou déclarez le projet irrecevable."
    ]
