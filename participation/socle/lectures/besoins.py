"""What registered people need, counted by the database: fifty thousand of them are one statement."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet, Sum
from django.db.models.functions import Greatest


def compter(
    inscriptions: QuerySet[Any], de: str, *, interprete: str, garde: str
) -> Mapping[Any, Counter[Any]]:
    """Return, by the value of `de` (« rencontre »), how many need what: keys are (need, language).

    The rows have `besoins`, `langue` and `enfants`. `interprete` is the need whose language counts apart, `garde` the
    one that counts children.
    """
    dits = (
        inscriptions.exclude(besoins=[])
        .order_by()
        .annotate(besoin=Func(F("besoins"), function="unnest", output_field=CharField()))
        .values_list(de, "besoin", "langue")
        .annotate(gens=Count("pk"), petits=Sum(Greatest("enfants", 1)))
    )
    comptes: dict[Any, Counter[Any]] = {}
    for lieu, besoin, langue, gens, petits in dits:
        dite = langue.strip().lower() if besoin == interprete else ""
        comptes.setdefault(lieu, Counter())[besoin, dite] += petits if besoin == garde else gens
    return comptes
