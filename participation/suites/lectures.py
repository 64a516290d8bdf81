"""Suites of a dossier for who works on it; what a direction, a commune, an élu owe."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from participation.socle.models import Commune, Compte, Demande, Direction, Dossier
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
            for suite in dossier.suites.select_related("direction")
        ],
        "peut_ajouter_suite": dossier.permet("ajouter_suite", compte),
    }


@dataclass(frozen=True, slots=True)
class Du:
    """What a direction or a commune owes: counts, and the suites that wait, the oldest day first; what it was asked.

    `filtre`: query of the office list that has all its suites. `demandes`: how many, of which `demandees` are the first.
    """

    nom: str
    filtre: str
    attendues: Sequence[Suite]
    retards: int = 0
    a_rendre: int = 0
    a_realiser: int = 0
    totales: int = 0
    desaccords: int = 0
    total: int = 0
    demandes: int = 0
    demandees: Sequence[Demande] = ()


def ce_qui_est_du(compte: Compte) -> list[Du]:
    """Return what the account answers for, with a fixed number of queries.

    The service: every direction that owes something. A direction: its own. An élu: the directions in her charge and her
    communes, published suites only.
    """
    visibles, demandes = Suite.objects.visibles_par(compte), _demandes(compte)
    if compte.est_agent:
        directions = Direction.objects.filter(
            Q(pk__in=visibles.order_by().values("direction")) | Q(pk__in=demandes.values("direction"))
        )
        communes = Commune.objects.none()
    else:
        directions = Direction.objects.filter(Q(pk__in=directions_de(compte)) | Q(elu=compte))
        siennes = [
            a.commune_id for a in compte.appartenances_en_vigueur if a.role == Role.ELU and a.commune_id
        ]
        communes = Commune.objects.filter(pk__in=siennes)
    return [
        *_dus(visibles, "direction", dict(directions.order_by("nom").values_list("pk", "nom")), demandes),
        *_dus(visibles, "commune", dict(communes.order_by("nom").values_list("pk", "nom")), demandes.none()),
    ]


def _demandes(compte: Compte) -> QuerySet[Demande]:
    """Return what was asked of a direction and is not answered: of each for the service, of her own for who works there."""
    ouvertes = Demande.objects.filter(
        direction__isnull=False, repondue_le=None, annulee_le=None, dossier__clos_le=None
    ).order_by()
    if not compte.est_agent:
        return ouvertes.filter(direction__in=directions_de(compte))
    return ouvertes.filter(dossier__in=Dossier.objects.visibles_par(compte).order_by().values("pk"))


def _dus(visibles: Any, axe: str, noms: dict[Any, str], demandes: QuerySet[Demande]) -> list[Du]:
    """A fixed number of queries for all the directions or all the communes."""
    if not noms:
        return []
    combien = dict(demandes.values_list("direction").annotate(Count("pk")))
    demandees: dict[Any, list[Demande]] = {}
    de_sa_direction = Window(RowNumber(), partition_by=F("direction"), order_by=("date_limite", "pk"))
    for demande in (
        demandes.annotate(rang=de_sa_direction)
        .filter(rang__lte=MONTREES)
        .order_by("rang")
        .select_related("dossier")
        if combien
        else ()
    ):
        demandees.setdefault(demande.direction_id, []).append(demande)
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
            demandes=combien.get(cle, 0),
            demandees=demandees.get(cle, []),
            **{mesure: n for mesure, n in comptes.get(cle, {}).items() if mesure != "de"},
        )
        for cle, nom in noms.items()
        if cle in comptes or cle in combien
    ]
