"""The grid of a projet as its readers filled it: line by line, with what they differ on, and what it is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Prefetch, QuerySet

from contrat_ville.models import Critere, Evaluation, Jugement, Projet
from contrat_ville.regles import grille as regles
from contrat_ville.workflow.etats import Etape


@dataclass(frozen=True, slots=True)
class LigneDeGrille:
    """A criterion, and what each reader says of it, in the order of the readers (None: nothing yet)."""

    critere: Critere
    jugements: Sequence[Jugement | None]

    @property
    def est_discutee(self) -> bool:
        return regles.desaccords([j.resultat for j in self.jugements if j is not None])


@dataclass(frozen=True, slots=True)
class Grille:
    evaluations: Sequence[Evaluation]
    lignes: Sequence[LigneDeGrille]
    scores: Sequence[Fraction | None]
    note: Fraction | None  # out of 100, mean of the readers
    desaccord: str  # a sentence, or nothing

    @property
    def recevabilite(self) -> list[LigneDeGrille]:
        return [ligne for ligne in self.lignes if ligne.critere.etape == Etape.RECEVABILITE]

    @property
    def merite(self) -> list[LigneDeGrille]:
        return [ligne for ligne in self.lignes if ligne.critere.etape == Etape.MERITE]

    @property
    def phrases_negatives(self) -> list[str]:
        """What the letter says of what is not met, once each."""
        dites = [
            ligne.critere.phrase_negative
            for ligne in self.lignes
            if ligne.critere.phrase_negative
            and any(j is not None and j.resultat == regles.NON_REMPLI for j in ligne.jugements)
        ]
        return list(dict.fromkeys(dites))


def avec_grilles(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Reads the grids with the projets: two queries more, whatever their number."""
    return projets.prefetch_related(
        Prefetch("evaluations", Evaluation.objects.select_related("instructeur")),
        Prefetch("evaluations__jugements", Jugement.objects.select_related("critere")),
    )


def grille_de(projet: Projet, criteres: Iterable[Critere] | None = None) -> Grille:
    """`criteres`: those of the programmation, when they are read already."""
    lus = list(
        projet.programmation.criteres.order_by("-etape", "ordre", "pk") if criteres is None else criteres
    )
    evaluations = list(
        projet.evaluations.select_related("instructeur").prefetch_related("jugements__critere")
        if "evaluations" not in getattr(projet, "_prefetched_objects_cache", {})
        else projet.evaluations.all()
    )
    par_critere = [{j.critere_id: j for j in evaluation.jugements.all()} for evaluation in evaluations]
    scores = [score_de(evaluation) for evaluation in evaluations]
    return Grille(
        evaluations=evaluations,
        lignes=[LigneDeGrille(c, [jugements.get(c.pk) for jugements in par_critere]) for c in lus],
        scores=scores,
        note=regles.moyenne(scores),
        desaccord=regles.dire_l_ecart(scores, projet.programmation.ecart_a_discuter),
    )


def score_de(evaluation: Evaluation) -> Fraction | None:
    """Out of 100, of the criteria of merit that are marked."""
    return regles.score(
        regles.Note(jugement.note, jugement.critere.note_max, jugement.critere.poids)
        for jugement in evaluation.jugements.all()
        if jugement.note is not None and jugement.critere.etape == Etape.MERITE
    )
