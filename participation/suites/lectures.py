"""Suites of a dossier for who works on it; what a direction, a commune, an élu owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from participation.socle.models import Commune, Compte, Direction, Dossier
from participation.socle.workflow import Role
from participation.suites.models import Suite, Verdict, directions_de
from participation.suites.models.suites import passee
from participation.suites.workflow import A_REALISER, A_RENDRE, ABOUTIS, Degre

MONTREES = 8  # suites shown for each direction or commune; the others are in its list


def contexte_des_suites(dossier: Dossier, compte: Compte) -> dict[str, Any]:
    """What `suites/_du_dossier.html` shows: each suite, whether `compte` may change its état, may open its page."""
    lisibles = set(Suite.objects.visibles_par(compte).filter(dossier=dossier.pk).values_list("pk", flat=True))
    return {
        "suites": [
            (suite, suite.permet("changer_etat", compte), suite.pk in lisibles)
            for suite in dossier.suites.select_related("direction", "dossier")
        ],
        "peut_ajouter_suite": dossier.permet("ajouter_suite", compte),
    }


@dataclass(frozen=True, slots=True)
class Du:
    """What a direction or a commune owes: counts, and the suites that wait, the oldest day first.

    `filtre`: query of the office list that has them all.
    """

    nom: str
    filtre: str
    retards: int
    a_rendre: int
    a_realiser: int
    totales: int
    desaccords: int
    total: int
    attendues: Sequence[Suite]


def ce_qui_est_du(compte: Compte) -> list[Du]:
    """Return what the account answers for, with a fixed number of queries.

    The service: every direction that owes something. A direction: its own. An élu: the directions in her charge and her
    communes, published suites only.
    """
    visibles = Suite.objects.visibles_par(compte)
    if compte.est_agent:
        directions = Direction.objects.filter(suites__in=visibles).distinct()
        communes = Commune.objects.none()
    else:
        directions = Direction.objects.filter(Q(pk__in=directions_de(compte)) | Q(elu=compte))
        siennes = [
            a.commune_id for a in compte.appartenances_en_vigueur if a.role == Role.ELU and a.commune_id
        ]
        communes = Commune.objects.filter(pk__in=siennes)
    return [
        *_dus(visibles, "direction", dict(directions.order_by("nom").values_list("pk", "nom"))),
        *_dus(visibles, "commune", dict(communes.order_by("nom").values_list("pk", "nom"))),
    ]


def _dus(visibles: Any, axe: str, noms: dict[Any, str]) -> list[Du]:
    """One query of counts, one of suites, for all the directions or all the communes."""
    if not noms:
        return []
    chemin = "direction" if axe == "direction" else "dossier__communes"
    siennes = visibles.filter(**{f"{chemin}__in": noms}).annotate(de=F(chemin))
    conteste = Exists(Verdict.objects.comparables().exclude(jugement=F("dit")).filter(suite=OuterRef("pk")))
    jour, ouverte = timezone.localdate(), ~Q(etat__in=ABOUTIS)
    comptes = {
        ligne["de"]: ligne
        for ligne in siennes.annotate(conteste=conteste)
        .order_by()
        .values("de")
        .annotate(
            total=Count("pk"),
            retards=Count("pk", filter=ouverte & passee(jour)),
            a_rendre=Count("pk", filter=Q(etat__in=A_RENDRE)),
            a_realiser=Count("pk", filter=Q(etat__in=A_REALISER)),
            totales=Count("pk", filter=Q(degre=Degre.TOTALE)),
            desaccords=Count("pk", filter=Q(conteste=True)),
        )
    }
    rang = Window(RowNumber(), partition_by=F("de"), order_by=("date_limite", "pk"))
    premieres = siennes.ouvertes().annotate(rang=rang).filter(rang__lte=MONTREES).order_by("rang")
    cles = list(premieres.values_list("de", "pk"))  # sorted without their texts, read next
    lues = Suite.objects.select_related("dossier", "direction").in_bulk({cle for _, cle in cles})
    attendues: dict[Any, list[Suite]] = {}
    for de, cle in cles:
        attendues.setdefault(de, []).append(lues[cle])
    return [
        Du(
            nom=nom,
            filtre=f"{axe}={cle}",
            attendues=attendues.get(cle, []),
            **{mesure: n for mesure, n in comptes[cle].items() if mesure != "de"},
        )
        for cle, nom in noms.items()
        if cle in comptes
    ]
