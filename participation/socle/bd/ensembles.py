"""Several counts, one question: what stands on every page of the office is asked of the database once."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def compter(ensembles: Sequence["QuerySet[Any, Any]"]) -> list[int]:
    """How many rows each of these would give, in one statement: each count reads its own index, as alone."""
    comptes: list[str] = []
    valeurs: list[Any] = []
    for ensemble in ensembles:
        lues = ensemble if ensemble.query.values_select else ensemble.values("pk")
        try:
            sql, parametres = lues.order_by().query.sql_with_params()
        except EmptyResultSet:
            comptes.append("0")
            continue
        comptes.append(f"(SELECT COUNT(*) FROM ({sql}) AS e)")  # noqa: S608 (the compiler of Django wrote it)
        valeurs += parametres
    if set(comptes) <= {"0"}:
        return [0] * len(ensembles)
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(comptes)}", valeurs)
        return [int(combien) for combien in curseur.fetchone()]
