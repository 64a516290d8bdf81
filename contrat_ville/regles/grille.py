"""Arithmetic of the grid: scores from marks, differences between readers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from participation.socle.francais import accorder, enumerer

REMPLI, NON_REMPLI, SANS_OBJET = "rempli", "non_rempli", "sans_objet"


@dataclass(frozen=True, slots=True)
class Note:
    """A mark for a criterion, out of `note_max`, with its weight."""

    note: int
    note_max: int
    poids: int


def score(notes: Iterable[Note]) -> Fraction | None:
    """Return the exact weighted mean, out of 100; None without any mark.

    Criteria that are « sans objet » are left out, with their weight.
    """
    obtenus, possibles = Fraction(0), 0
    for note in notes:
        obtenus += Fraction(note.note, note.note_max) * note.poids
        possibles += note.poids
    return obtenus / possibles * 100 if possibles else None


def moyenne(scores: Sequence[Fraction | None]) -> Fraction | None:
    """Return the mean of the scores given; None without any."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return sum(donnes, start=Fraction(0)) / len(donnes) if donnes else None


def ecart(scores: Sequence[Fraction | None]) -> Fraction:
    """Return the gap between the highest and the lowest score, in points; 0 with one reader."""
    donnes = [valeur for valeur in scores if valeur is not None]
    return max(donnes) - min(donnes) if len(donnes) > 1 else Fraction(0)


def dire_l_ecart(scores: Sequence[Fraction | None], seuil: int) -> str:
    """Return the sentence that calls for a discussion; empty when the gap is at most `seuil`."""
    points = ecart(scores)
    return (
        f"Les lectures diffèrent de {accorder(round(points), 'point')} : à discuter."
        if points > seuil
        else ""
    )


def desaccords(resultats: Sequence[str]) -> bool:
    """Whether readers contradict each other on a criterion. « sans objet » contradicts nothing."""
    dits = {resultat for resultat in resultats if resultat in {REMPLI, NON_REMPLI}}
    return len(dits) > 1


def empechements(non_remplis: Sequence[tuple[str, bool]]) -> list[str]:
    """Return what prevents « recevable », from the criteria not met, given as (title, éliminatoire)."""
    eliminatoires = [intitule for intitule, est_eliminatoire in non_remplis if est_eliminatoire]
    if not eliminatoires:
        return []
    return [
        f"La grille dit non rempli : {enumerer(f'« {intitule} »' for intitule in eliminatoires)}. "
        "Corrigez-la, ou déclarez le projet irrecevable."
    ]
