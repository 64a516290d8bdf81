"""Count many suites at once: the figures of each value of each axis, in two statements. What reads the delays of answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, ExtractYear, TruncDate
from django.utils import timezone

from participation.socle.models import Dossier, parmi
from participation.suites.models import Suite, Verdict
from participation.suites.models.suites import passee, venue_a_temps
from participation.suites.workflow import Degre, Origine


class Centile(Aggregate):
    """PostgreSQL `percentile_cont`: the value below which the share `part` (0 to 1) of the rows lies, interpolated."""

    function = "percentile_cont"
    name = "Centile"
    output_field = FloatField()

    def __init__(self, expression: Any, part: float, **options: Any) -> None:
        # `part` is a constant of the code, never user input: it may be written in the SQL.
        super().__init__(
            expression, template=f"%(function)s({part:g}) WITHIN GROUP (ORDER BY %(expressions)s)", **options
        )


def jours_de_reponse(prefixe: str = "") -> Func:
    """Calendar days in Paris from creation to first answer, stops of the clock left out, in SQL. `prefixe`: lookup prefix to the suite."""
    zone = timezone.get_current_timezone()
    return Func(
        TruncDate(f"{prefixe}repondue_le", tzinfo=zone),
        TruncDate(f"{prefixe}creee_le", tzinfo=zone),
        F(f"{prefixe}jours_suspendus"),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )


# A suite is in several: each axis is read from its link to the dossier.
A_PLUSIEURS = {"commune": Dossier.communes.through, "quartier": Dossier.quartiers.through}


def expressions() -> dict[str, Any]:
    """Return what each breakdown of one value a suite groups by."""
    return {
        "instrument": F("dossier__nature"),
        "origine": Case(
            When(promise_le__isnull=True, then=Value(Origine.DEMANDEE.value)),
            default=Value(Origine.PROMISE.value),
        ),
        "degre": F("degre"),
        "theme": F("dossier__theme"),
        "direction": F("direction"),
        "annee": Cast(ExtractYear("creee_le", tzinfo=timezone.get_current_timezone()), IntegerField()),
    }


def _colonnes() -> dict[str, Any]:
    """Return what each figure reads of a suite, beside the axes."""
    lues = {
        "repondue": Q(repondue_le__isnull=False),
        "passee": passee(timezone.localdate(), "initiale"),
        "a_temps": venue_a_temps(),
    }
    return {
        **{nom: ExpressionWrapper(q, BooleanField()) for nom, q in lues.items()},
        "promise": ExpressionWrapper(Q(promise_le__isnull=False), BooleanField()),
        "mise_en_oeuvre": F("degre"),
        "jours": jours_de_reponse(),
    }


# Of an array, since an ordered aggregate would sort all the suites once for each axis.
QUANTILES = "(SELECT percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY j) FROM unnest(array_agg(jours) FILTER (WHERE repondue)) j)"
MESURES = {
    "total": "COUNT(*)",
    "promises": "COUNT(*) FILTER (WHERE promise)",
    "repondues": "COUNT(*) FILTER (WHERE repondue)",
    "exigibles": "COUNT(*) FILTER (WHERE repondue OR passee)",
    "a_temps": "COUNT(*) FILTER (WHERE a_temps)",
    "en_retard": "COUNT(*) FILTER (WHERE passee AND NOT repondue)",
    "totales": f"COUNT(*) FILTER (WHERE mise_en_oeuvre = '{Degre.TOTALE}')",
    "engagees": f"COUNT(*) FILTER (WHERE mise_en_oeuvre IN ('{Degre.EN_COURS}', '{Degre.INCOMPLETE}'))",
    "quantiles": QUANTILES,
}
ACCORDS = {"verdicts": "COUNT(*)", "accords": "COUNT(*) FILTER (WHERE jugement = dit)"}
JUGEES = {"jugement": F("verdicts__jugement"), "dit": F("verdicts__dit")}
Groupes = dict[str, dict[Any, dict[str, Any]]]


def _grouper(
    suites: QuerySet[Suite], axes: Sequence[str], colonnes: Mapping[str, Any], mesures: Mapping[str, str]
) -> Groupes:
    """Return the measures by value of each axis, and of all under « »: the suites are read once (GROUPING SETS), and once more
    for each axis of several values a suite."""
    groupes: Groupes = {"": {"": dict.fromkeys(mesures, 0)}, **{axe: {} for axe in axes}}
    simples = [axe for axe in axes if axe not in A_PLUSIEURS]
    cles = {f"axe_{axe}": expressions()[axe] for axe in simples}
    try:
        lignes, valeurs = (
            suites.annotate(**cles, **colonnes).values("dossier_id", *cles, *colonnes).query.sql_with_params()
        )
    except EmptyResultSet:  # words that nothing says
        return groupes
    # Names and figures of the code alone; the filters are values.
    lues = f"({lignes}) lues"
    ensembles = ", ".join(["()", *(f"({cle})" for cle in cles)])
    dites = ", ".join([*cles, *(f"GROUPING({cle})" for cle in cles), *mesures.values()])
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {dites} FROM {lues} GROUP BY GROUPING SETS ({ensembles})", valeurs)  # noqa: S608
        n = len(simples)
        for ligne in curseur.fetchall():
            rang = ligne[n : 2 * n].index(0) if 0 in ligne[n : 2 * n] else None
            axe, valeur = ("", "") if rang is None else (simples[rang], ligne[rang])
            groupes[axe][valeur] = dict(zip(mesures, ligne[2 * n :], strict=True))
        for axe in [axe for axe in axes if axe in A_PLUSIEURS]:
            liees = A_PLUSIEURS[axe]._meta.db_table
            curseur.execute(
                f"SELECT {axe}_id, {', '.join(mesures.values())} FROM {lues}"  # noqa: S608
                f" JOIN {liees} liees ON liees.dossier_id = lues.dossier_id GROUP BY {axe}_id",
                valeurs,
            )
            groupes[axe] = {valeur: dict(zip(mesures, ns, strict=True)) for valeur, *ns in curseur.fetchall()}
    return groupes


def compter_par(suites: QuerySet[Suite], *axes: str) -> Groupes:
    """Return all the figures by value of each axis, in two queries, and two more for an axis of several values a suite."""
    comptees = _grouper(suites, axes, _colonnes(), MESURES)
    juges = _grouper(_jugees(suites), axes, JUGEES, ACCORDS)
    for axe, par_valeur in comptees.items():
        for valeur, mesures in par_valeur.items():
            mesures["mediane"], mesures["neuvieme_decile"] = mesures.pop("quantiles") or (None, None)
            mesures |= juges[axe].get(valeur, {})
    return comptees


def _jugees(suites: QuerySet[Suite]) -> QuerySet[Suite]:
    """Return the suites, once for each verdict to compare. Joined, since the planner takes a set of suites for one row; from the
    verdicts, few beside the suites."""
    return suites.filter(parmi(Verdict.objects.comparables().order_by().values("pk"), "verdicts"))
