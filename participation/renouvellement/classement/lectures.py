"""Ranking of a collège by the marks of the readers."""

from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import Rank

from participation.renouvellement.classement.regles import ex_aequo_a_la_barre
from participation.renouvellement.models import Candidature, CollegeCampagne


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
