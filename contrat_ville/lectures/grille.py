"""Grid of a projet as filled in by its instructors: lines, disagreements, mark."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Prefetch, QuerySet

from contrat_ville.models import Critere, Evaluation, Jugement, Projet
from contrat_ville.regles import grille as regles
from contrat_ville.workflow.etats import Etape


@dataclass(frozen=True, slots=True)
class LigneDeGrille:
    """A criterion and the judgement of each instructor, in the same order (None: not given)."""

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
    note: Fraction | None  # out of 100, mean of the instructors
    desaccord: str  # a sentence, or ""

    @property
    def recevabilite(self) -> list[LigneDeGrille]:
        return [ligne for ligne in self.lignes if ligne.critere.etape == Etape.RECEVABILITE]

    @property
    def merite(self) -> list[LigneDeGrille]:
        return [ligne for ligne in self.lignes if ligne.critere.etape == Etape.MERITE]

    @property
    def phrases_negatives(self) -> list[str]:
        """Sentences of the criteria not met, for the letter, without duplicates."""
        dites = [
            ligne.critere.phrase_negative
            for ligne in self.lignes
            if ligne.critere.phrase_negative
            and any(j is not None and j.resultat == regles.NON_REMPLI for j in ligne.jugements)
        ]
        return list(dict.fromkeys(dites))


def avec_grilles(projets: QuerySet[Projet]) -> QuerySet[Projet]:
    """Prefetch the grids of the projets, in two more queries."""
    return projets.prefetch_related(
        Prefetch("evaluations", Evaluation.objects.select_related("instructeur")),
        Prefetch("evaluations__jugements", Jugement.objects.select_related("critere")),
    )


def grille_de(projet: Projet, criteres: Iterable[Critere] | None = None) -> Grille:
    """Return the grid. `criteres`: criteria of the programmation, if already read."""
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
    """Mark out of 100, from the marked criteria of the step « mérite »."""
    return regles.score(
        regles.Note(jugement.note, jugement.critere.note_max, jugement.critere.poids)
        for jugement in evaluation.jugements.all()
        if jugement.note is not None and jugement.critere.etape == Etape.MERITE
    )
