"""Ranking of a collège by the marks of the readers."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Rank

from participation.renouvellement.models import Candidature, CollegeCampagne

CENTIEME = Decimal("0.01")


def moyenne(notes: Sequence[tuple[int, int]]) -> Decimal:
    """Return the weighted mean of (mark, weight), to two decimals. One weight at least must be positive."""
    total = sum(note * poids for note, poids in notes)
    return (Decimal(total) / sum(poids for _, poids in notes)).quantize(CENTIEME, ROUND_HALF_UP)


def ex_aequo_a_la_barre(rangs: Sequence[int], places: int) -> int | None:
    """Return the rank shared on both sides of the last seat, which the marks do not settle; None without one.

    `rangs`: ranks of the candidatures in order, best first; equal marks have equal ranks.
    """
    if 0 < places < len(rangs) and rangs[places - 1] == rangs[places]:
        return rangs[places]
    return None


def quitte_le_classement(rang: int | None, sieges: int, *, retenue: bool) -> bool:
    """Whether the decision departs from the ranking. `rang`: None without mark."""
    attendue = rang is not None and rang <= sieges
    return attendue != retenue


def classement(college: CollegeCampagne) -> QuerySet[Any]:
    """Return the eligible candidatures, best first, with `note`, `ecart`, `lues`, `attendues` and `rang`.

    `note`: mean of the lectures; `ecart`: highest minus lowest. Equal means have the same rank; candidatures
    without mark come last.
    """
    actives = Q(lectures__deportee_le__isnull=True)
    eligibles: QuerySet[Any] = college.candidatures.eligibles()
    classees: QuerySet[Any] = (
        eligibles.annotate(
            note=Avg("lectures__moyenne", filter=actives),
            ecart=Max("lectures__moyenne", filter=actives) - Min("lectures__moyenne", filter=actives),
            lues=Count("lectures", filter=actives & Q(lectures__rendue_le__isnull=False)),
            attendues=Count("lectures", filter=actives),
        )
        .annotate(rang=Window(Rank(), order_by=F("note").desc(nulls_last=True)))
        .order_by(F("note").desc(nulls_last=True), "numero")
    )
    return classees


def a_departager(college: CollegeCampagne) -> set[int]:
    """Return the pks of the candidatures with equal marks on both sides of the last seat."""
    ordre = list(classement(college).values_list("pk", "rang"))
    egal = ex_aequo_a_la_barre([rang for _, rang in ordre], college.sieges)
    return {pk for pk, rang in ordre if egal is not None and rang == egal}


def rang_de(candidature: Candidature) -> int | None:
    """Return the rank of a candidature in its collège; None without mark."""
    for pk, rang, note in classement(candidature.college).values_list("pk", "rang", "note"):
        if pk == candidature.pk:
            return int(rang) if note is not None else None
    return None
